//! Addresses to handlers. The gate has already decided that a request may be here; a rejection only means "not my row".

use super::context::{Caller, Context};
use super::{ApiError, api, assets, socket};
use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use std::convert::Infallible;
use warp::filters::BoxedFilter;
use warp::reply::Response;
use warp::{Filter, Rejection, Reply};

/// All handlers, one per row of the route table.
pub(super) fn all(context: &Context) -> BoxedFilter<(Response,)> {
    ui().or(info(context))
        .unify()
        .or(sessions(context))
        .unify()
        .or(chat(context))
        .unify()
        .or(reading(context))
        .unify()
        .or(machine(context))
        .unify()
        .or(sockets(context))
        .unify()
        .recover(|_: Rejection| async { Ok::<_, Infallible>(ApiError::not_found().into_response()) })
        .map(Reply::into_response)
        .boxed()
}

/// The embedded UI.
fn ui() -> BoxedFilter<(Response,)> {
    let page = warp::path::end().or(warp::path!("s" / String).map(drop).untuple_one()).unify();
    let page = page.and(warp::header::headers_cloned()).map(|headers| answer(assets::page(&headers)));
    let file = warp::path("assets").and(warp::path::param::<String>()).and(warp::path::end());
    let file = file.map(|name: String| format!("assets/{name}"));
    let sandbox = warp::path!("sandbox" / String).map(|name: String| format!("sandbox/{name}"));
    let file = file.or(sandbox).unify();
    let file = file.or(warp::path::param::<String>().and(warp::path::end()).and(not_a_row())).unify();
    let file =
        file.and(warp::header::headers_cloned()).map(|name: String, headers| answer(assets::file(&name, &headers)));
    warp::get().and(page.or(file).unify()).boxed()
}

/// Keeps `/{file}` off the addresses that have a row of their own.
fn not_a_row() -> impl Filter<Extract = (), Error = Rejection> + Clone {
    warp::path::full()
        .and_then(|path: warp::path::FullPath| async move {
            if path.as_str() == "/health" { Err(warp::reject::not_found()) } else { Ok(()) }
        })
        .untuple_one()
}

fn info(context: &Context) -> BoxedFilter<(Response,)> {
    let health = warp::path!("health").and(warp::get()).and(with(context)).and(caller());
    health.map(|context: Context, caller: Caller| answer(Ok(api::health(&context, &caller)))).boxed()
}

fn sessions(context: &Context) -> BoxedFilter<(Response,)> {
    let list = warp::path!("api" / "sessions").and(warp::get()).and(query()).and(with(context));
    let list = list.map(|query: String, context: Context| answer(api::sessions::list(&context, &query)));
    let create = warp::path!("api" / "sessions").and(warp::post()).and(with(context)).and(caller()).and(body());
    let create =
        create.then(|context, caller, body| async move { answer(api::sessions::create(context, caller, body).await) });
    let one = || warp::path!("api" / "sessions" / String);
    let read = one().and(warp::get()).and(with(context));
    let read = read.map(|id: String, context: Context| answer(api::sessions::read(&context, &id)));
    let change = one().and(warp::patch()).and(with(context)).and(caller()).and(body());
    let change = change.then(|id, context, caller, body| async move {
        answer(api::sessions::change(id, context, caller, body).await)
    });
    let kill = one().and(warp::delete()).and(with(context)).and(caller());
    let kill = kill.then(|id, context, caller| async move { answer(api::sessions::kill(id, context, caller).await) });
    let stderr = warp::path!("api" / "sessions" / String / "stderr").and(warp::get()).and(with(context));
    let stderr = stderr.map(|id: String, context: Context| answer(api::sessions::stderr(&context, &id)));
    list.or(create).unify().or(read).unify().or(change).unify().or(kill).unify().or(stderr).unify().boxed()
}

fn chat(context: &Context) -> BoxedFilter<(Response,)> {
    let command = |name: &'static str| {
        let path = warp::path("api").and(warp::path("sessions")).and(warp::path::param::<String>());
        path.and(warp::path(name)).and(warp::path::end()).and(warp::post()).and(with(context)).and(caller()).and(body())
    };
    let send = command("messages")
        .then(|id, context, caller, body| async move { answer(api::chat::send(id, context, caller, body).await) });
    let interrupt = command("interrupt")
        .then(|id, context, caller, body| async move { answer(api::chat::interrupt(id, context, caller, body).await) });
    let respond = command("answers")
        .then(|id, context, caller, body| async move { answer(api::chat::answer(id, context, caller, body).await) });
    let queue = command("queue")
        .then(|id, context, caller, body| async move { answer(api::chat::queue(id, context, caller, body).await) });
    let task = command("tasks")
        .then(|id, context, caller, body| async move { answer(api::chat::task(id, context, caller, body).await) });
    let rewind = command("rewind")
        .then(|id, context, caller, body| async move { answer(api::chat::rewind(id, context, caller, body).await) });
    send.or(interrupt).unify().or(respond).unify().or(queue).unify().or(task).unify().or(rewind).unify().boxed()
}

/// What can be read of a session besides its events.
fn reading(context: &Context) -> BoxedFilter<(Response,)> {
    let prompts = warp::path!("api" / "sessions" / String / "prompts").and(warp::get()).and(with(context));
    let prompts = prompts.map(|id: String, context: Context| answer(api::chat::prompts(&context, &id)));
    let fill = warp::path!("api" / "sessions" / String / "context").and(warp::get()).and(with(context));
    let fill = fill.then(|id: String, context| async move { answer(api::chat::context_report(context, id).await) });
    let output = warp::path!("api" / "sessions" / String / "tasks" / String / "output").and(warp::get());
    let output = output.and(query()).and(with(context));
    let output = output.then(|id: String, task: String, query: String, context| async move {
        answer(api::tasks::output(context, id, task, query).await)
    });
    let export = warp::path!("api" / "sessions" / String / "export").and(warp::get()).and(query()).and(with(context));
    let export = export.then(|id: String, query: String, context| async move {
        answer(api::export::export(context, id, query).await)
    });
    let recording = warp::path!("api" / "sessions" / String / "recording").and(warp::get()).and(with(context));
    let recording = recording.then(|id, context| async move { answer(api::recording::recording(context, id).await) });
    prompts.or(fill).unify().or(output).unify().or(export).unify().or(recording).unify().boxed()
}

/// What is not about one session.
fn machine(context: &Context) -> BoxedFilter<(Response,)> {
    let files = warp::path!("api" / "files").and(warp::get()).and(query()).and(with(context));
    let files = files.then(|query, context| async move { answer(api::files::list(context, query).await) });
    let search = warp::path!("api" / "files" / "find").and(warp::get()).and(query()).and(with(context));
    let search = search.then(|query, context| async move { answer(api::files::find(context, query).await) });
    let find = warp::path!("api" / "claude" / "find").and(warp::post()).and(with(context));
    let find = find.then(|context: Context| async move { answer(api::find_claude(context).await) });
    let token = warp::path!("api" / "token").and(warp::post()).and(with(context)).and(body());
    let token = token.map(|context: Context, body: Bytes| answer(api::token(&context, &body)));
    files.or(search).unify().or(find).unify().or(token).unify().boxed()
}

fn sockets(context: &Context) -> BoxedFilter<(Response,)> {
    let arrival = || {
        warp::get()
            .and(with(context))
            .and(caller())
            .and(warp::header::headers_cloned())
            .and(warp::ext::optional::<OnUpgrade>())
            .map(|context, caller, headers, on_upgrade| socket::Arrival { context, caller, headers, on_upgrade })
    };
    let events = warp::path!("api" / "events").and(arrival()).map(|arrival| answer(socket::events(arrival)));
    let chat = warp::path!("api" / "sessions" / String / "chat")
        .and(arrival())
        .map(|id, arrival| answer(socket::chat(id, arrival)));
    let terminal = warp::path!("api" / "sessions" / String / "terminal")
        .and(arrival())
        .map(|id, arrival| answer(socket::terminal(id, arrival)));
    events.or(chat).unify().or(terminal).unify().boxed()
}

fn with(context: &Context) -> impl Filter<Extract = (Context,), Error = Infallible> + Clone + use<> {
    let context = context.clone();
    warp::any().map(move || context.clone())
}

fn caller() -> impl Filter<Extract = (Caller,), Error = Rejection> + Copy {
    warp::ext::get::<Caller>()
}

fn body() -> impl Filter<Extract = (Bytes,), Error = Rejection> + Copy {
    warp::body::bytes()
}

/// The raw query, empty when there is none.
fn query() -> impl Filter<Extract = (String,), Error = Infallible> + Clone {
    warp::query::raw().or_else(|_| async { Ok::<_, Infallible>((String::new(),)) })
}

fn answer(outcome: Result<Response, ApiError>) -> Response {
    outcome.unwrap_or_else(Reply::into_response)
}
