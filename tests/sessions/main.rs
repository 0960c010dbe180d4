//! Sessions without the web: real processes under the real guard, driven through the registry.

mod chats;
mod ownership;
mod pipes;
mod prompts;
mod queue;
mod races;
mod screens;
mod support;
mod terminals;
mod work;
