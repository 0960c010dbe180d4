// The component behind each face.

import type { Component } from 'svelte';
import type { ToolItem } from '../items';
import Agent from './Agent.svelte';
import Bash from './Bash.svelte';
import Change from './Change.svelte';
import Fetch from './Fetch.svelte';
import Findings from './Findings.svelte';
import type { BodyKind } from './kinds';
import Mcp from './Mcp.svelte';
import Output from './Output.svelte';
import Question from './Question.svelte';
import Read from './Read.svelte';
import Search from './Search.svelte';
import Tasks from './Tasks.svelte';
import Unknown from './Unknown.svelte';
import WebSearch from './WebSearch.svelte';
import Words from './Words.svelte';

export const BODIES: Readonly<Record<BodyKind, Component<{ tool: ToolItem }>>> = {
  agent: Agent,
  bash: Bash,
  change: Change,
  fetch: Fetch,
  findings: Findings,
  mcp: Mcp,
  output: Output,
  question: Question,
  read: Read,
  search: Search,
  tasks: Tasks,
  unknown: Unknown,
  websearch: WebSearch,
  words: Words,
};
