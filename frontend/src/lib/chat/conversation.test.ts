import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '$lib/protocol';
import { reactiveCell } from './cells.svelte';
import { Conversation } from './conversation';
import { approval, converse, delta, finished, kinds, prompts, resolved, result, said, texts, tool, tools, user } from './events.testing';
import type { Item } from './items';

/** Everything a view could read, as plain data. */
function picture(conversation: Conversation): unknown {
  const strip = (item: Item): unknown =>
    item.kind === 'tool' ? { ...item, children: item.children.map((cell) => strip(cell.value)) } : item;
  return {
    items: conversation.items.map((cell) => strip(cell.value)),
    meta: conversation.meta.value,
    pending: conversation.pending.value.map((cell) => cell.value),
    seq: conversation.seq,
  };
}

describe('a call whose input was changed before it ran', () => {
  const asked = tool('t1', 'Bash', { command: 'rm -r .' });
  const changed = resolved({ updated_input: { command: 'ls' } });

  it('shows what ran, whichever came first', () => {
    expect(tools(converse(asked, approval(), changed).items)).toMatchObject([{ input: { command: 'ls' }, covered: false }]);
    expect(tools(converse(approval(), changed, asked).items)).toMatchObject([{ input: { command: 'ls' } }]);
  });

  it('keeps what was asked in the prompt, and the input where nothing was changed', () => {
    expect(prompts(converse(asked, approval({ input: { command: 'rm -r .' } }), changed))[0]?.request).toMatchObject({ input: { command: 'rm -r .' } });
    expect(tools(converse(asked, approval(), resolved()).items)).toMatchObject([{ input: { command: 'rm -r .' } }]);
  });
});

describe('text', () => {
  it('grows by deltas and is replaced by the finished block', () => {
    const c = converse(delta('Hel'), delta('lo'));
    expect(texts(c)).toMatchObject([{ text: 'Hello', done: false }]);
    c.apply(3, 0, said('Hello.'));
    expect(texts(c)).toMatchObject([{ text: 'Hello.', done: true }]);
  });

  it('keeps blocks of one message apart', () => {
    const c = converse({ type: 'thinking_delta', message_id: 'm1', index: 0, text: 'hm' }, delta('Hi', 'm1', 1), said('Hi', { index: 1 }));
    expect(texts(c)).toMatchObject([{ kind: 'thinking', text: 'hm', done: false }, { kind: 'text', text: 'Hi', done: true }]);
  });

  it('ignores deltas after the block was finished', () => {
    expect(texts(converse(delta('a'), said('ab'), delta('b')))).toMatchObject([{ text: 'ab' }]);
  });

  it('drops what was discarded, but not what was finished', () => {
    const started: ChatEvent = { type: 'tool_use_started', tool_use_id: 't1', name: 'Bash', message_id: 'm1' };
    const c = converse(said('kept'), delta('half', 'm1', 1), started, delta('other', 'm2'), { type: 'message_discarded', message_id: 'm1' });
    expect(texts(c).map((item) => item.text)).toEqual(['kept', 'other']);
    expect(tools(c.items)).toEqual([]);
    c.apply(9, 0, delta('again', 'm1', 1));
    expect(texts(c).map((item) => item.text)).toEqual(['kept', 'other', 'again']);
  });

  it('knows an error that was said already', () => {
    const failed = said('API Error: 401', { synthetic: true, error: 'authentication_failed' });
    const end = finished({ outcome: 'error', error: 'API Error: 401' });
    expect(converse(failed, end).items.at(-1)?.value).toMatchObject({ kind: 'turn', told: true });
    expect(converse(said('Well then'), end).items.at(-1)?.value).toMatchObject({ kind: 'turn', told: false });
  });

  it('keeps partial text when the turn is interrupted', () => {
    const c = converse(delta('half a th'), finished({ outcome: 'interrupted' }));
    expect(texts(c)).toMatchObject([{ text: 'half a th', done: true }]);
    expect(kinds(c)).toEqual(['text', 'turn']);
  });

  it("leaves Claude Code's stand-in for nothing out", () => {
    expect(kinds(converse(said('(no content)', { synthetic: true })))).toEqual([]);
  });
});

describe('user messages', () => {
  it('become delivered or cancelled by either id, in either order', () => {
    const c = converse(
      { type: 'user_message_delivered', message_id: 'early', client_id: null },
      user('a', { message_id: 'early' }),
      user('b', { message_id: 'b', client_id: 'cb' }),
      { type: 'user_message_delivered', message_id: 'other', client_id: 'cb' },
      user('c', { message_id: 'c' }),
      { type: 'user_message_cancelled', message_id: 'c', client_id: null },
      user('d'),
    );
    expect(c.items.map(({ value }) => value.kind === 'user' && value.fate)).toEqual(['delivered', 'delivered', 'cancelled', 'accepted']);
  });

  it('are shown once when the CLI repeats them', () => {
    const c = converse(user('a', { client_id: 'x' }), user('a', { client_id: 'x', message_id: 'm' }), { type: 'user_message_delivered', message_id: 'm', client_id: null });
    expect(c.items.map(({ value }) => value)).toMatchObject([{ kind: 'user', messageId: 'm', fate: 'delivered' }]);
  });
});

describe('tools', () => {
  it('go from announced to done', () => {
    const c = converse({ type: 'tool_use_started', tool_use_id: 't1', name: 'Bash', message_id: 'm1' });
    expect(tools(c.items)).toMatchObject([{ name: 'Bash', status: 'preparing' }]);
    c.apply(2, 0, tool('t1', 'Bash', { command: 'ls' }));
    c.apply(3, 0, { type: 'tool_progress', tool_use_id: 't1', elapsed_seconds: 5 });
    expect(tools(c.items)).toMatchObject([{ status: 'running', elapsed: 5, input: { command: 'ls' } }]);
    c.apply(4, 0, result('t1', 'a'));
    expect(tools(c.items)).toMatchObject([{ status: 'done', result: { isError: false } }]);
  });

  it('accept a result before the call', () => {
    const c = converse(result('t1', 'no', { is_error: true }), tool('t1', 'Read', { file_path: 'a' }));
    expect(tools(c.items)).toMatchObject([{ name: 'Read', status: 'failed', input: { file_path: 'a' } }]);
  });

  it('nest what a subagent does', () => {
    const c = converse(
      tool('a', 'Agent', { description: 'Explore' }),
      user('go', { origin: 'subagent', parent_tool_use_id: 'a' }),
      tool('b', 'Read', {}, 'a'),
      result('b', 'x', { parent_tool_use_id: 'a' }),
      said('report', { parent_tool_use_id: 'a', message_id: 'm9' }),
      result('a', 'report'),
    );
    expect(kinds(c)).toEqual(['tool']);
    expect(tools(c.items)[0]?.children.map((cell) => cell.value.kind)).toEqual(['user', 'tool', 'text']);
  });

  it('find their parent when it comes after them', () => {
    const c = converse(tool('c', 'Bash', {}, 'b'), tool('b', 'Task', {}, 'a'), tool('a', 'Agent'));
    expect(kinds(c)).toEqual(['tool']);
    const a = tools(c.items)[0];
    const b = tools(a?.children ?? [])[0];
    expect([a?.name, b?.name, tools(b?.children ?? [])[0]?.name]).toEqual(['Agent', 'Task', 'Bash']);
  });

  it('survive a call that names itself as its parent', () => {
    expect(kinds(converse(tool('a', 'Agent', {}, 'a'), tool('a', 'Agent', {}, 'a')))).toEqual(['tool']);
  });

  it('stop with the turn, except below a background subagent', () => {
    const c = converse(
      tool('t1', 'Bash'),
      tool('bg', 'Agent', { run_in_background: true }),
      tool('in', 'Bash', {}, 'bg'),
      result('bg', 'launched'),
      finished({ outcome: 'interrupted' }),
    );
    const [first, background] = tools(c.items);
    expect(first?.status).toBe('stopped');
    expect(tools(background?.children ?? [])[0]?.status).toBe('running');
    c.apply(6, 0, { type: 'ended', reason: 'killed', code: null, signal: 'SIGTERM' });
    expect(tools(tools(c.items)[1]?.children ?? [])[0]?.status).toBe('stopped');
  });

  it('show the task they started', () => {
    const c = converse(
      tool('t1', 'Bash'),
      { type: 'task_started', task_id: 'k', tool_use_id: 't1', task_type: 'local_bash', description: 'watch', subagent_type: null, prompt: null },
      { type: 'task_progress', task_id: 'k', description: null, last_tool_name: null, total_tokens: 9, tool_uses: 2, duration_ms: 3 },
      { type: 'task_finished', task_id: 'k', status: 'failed', summary: 'exit 1', total_tokens: null, tool_uses: null, duration_ms: null },
      { type: 'task_progress', task_id: 'unheard', description: 'x', last_tool_name: null, total_tokens: null, tool_uses: null, duration_ms: null },
    );
    expect(tools(c.items)[0]?.task).toMatchObject({ description: 'watch', tokens: 9, toolUses: 2, status: 'failed', summary: 'exit 1' });
    expect(kinds(c)).toEqual(['tool', 'task']);
  });
});

describe('prompts', () => {
  it('wait, then stay as a line', () => {
    const c = converse(tool('t1', 'Bash'), approval());
    expect(c.pending.value).toHaveLength(1);
    expect(tools(c.items)[0]?.covered).toBe(true);
    c.apply(3, 7_000, resolved());
    expect(c.pending.value).toHaveLength(0);
    expect(prompts(c)).toMatchObject([{ resolution: { outcome: 'allowed', by: 'Pixel', at: 7_000 } }]);
    expect(tools(c.items)[0]).toMatchObject({ covered: false, denied: false, since: 7_000 });
  });

  it('may come before the call they are about', () => {
    const c = converse(approval(), tool('t1', 'Bash'));
    expect(tools(c.items)[0]?.covered).toBe(true);
    c.apply(3, 0, resolved({ outcome: 'denied' }));
    expect(tools(c.items)[0]).toMatchObject({ covered: false, denied: true });
  });

  it('are asked once and answered once', () => {
    const c = converse(approval(), approval(), resolved({ by: 'first' }), resolved({ by: 'second', outcome: 'denied' }));
    expect(prompts(c)).toMatchObject([{ resolution: { by: 'first', outcome: 'allowed' } }]);
  });

  it('are cancelled when the session ends', () => {
    const c = converse(approval(), { type: 'ended', reason: 'crashed', code: 1, signal: null });
    expect(prompts(c)[0]?.resolution?.outcome).toBe('cancelled');
    expect(c.pending.value).toEqual([]);
    expect(c.meta.value).toMatchObject({ state: 'ended', ended: { reason: 'crashed', code: 1 } });
  });

  it('stand for questions and plans, whose calls are not shown twice', () => {
    const c = converse(
      tool('q', 'AskUserQuestion'),
      { type: 'question_requested', request: { request_id: 'r2', tool_use_id: 'q', questions: [] } },
      { type: 'question_resolved', request_id: 'r2', outcome: 'allowed', by: null, answers: { 'Which?': 'Blue' }, response: null, message: null },
      { type: 'plan_requested', request: { request_id: 'r3', tool_use_id: 'p', plan: '# P', plan_path: null } },
      tool('p', 'ExitPlanMode'),
    );
    expect(tools(c.items).map((item) => item.covered)).toEqual([true, true]);
    expect(prompts(c)[0]?.resolution?.answers).toEqual({ 'Which?': 'Blue' });
  });
});

describe('notices', () => {
  it('tell a change of mode, not the first mode', () => {
    const mode = (permission_mode: string): ChatEvent => ({ type: 'mode', permission_mode });
    const c = converse(mode('default'), mode('default'), mode('plan'));
    expect(c.items.map(({ value }) => value.kind === 'notice' && value.text)).toEqual(['Permission mode is now Plan']);
    expect(c.meta.value.mode).toBe('plan');
  });

  it('count retries in one line', () => {
    const retry = (attempt: number): ChatEvent => ({ type: 'api_retry', attempt, max_retries: 10, retry_delay_ms: 500, error_status: 529, error: 'overloaded' });
    const c = converse(retry(1), retry(2), retry(3));
    expect(c.items.map(({ value }) => value.kind === 'notice' && value.text)).toEqual(['Trying again: the API is overloaded (529). Try 3 of 10']);
    expect(c.items[0]?.value).toMatchObject({ tone: 'warn', until: 3_500 });
    c.apply(4, 4_000, said('Here it is.'));
    expect(c.items[0]?.value).toMatchObject({ tone: 'quiet', until: null, text: 'Tried again 3 times: the API is overloaded (529).' });
  });

  it('fold runs of stderr and hooks', () => {
    const line = (text: string): ChatEvent => ({ type: 'stderr', line: text });
    const hook = (name: string, outcome: string): ChatEvent => ({ type: 'hook', name, outcome, exit_code: 1, output: 'out' });
    const c = converse(line('a'), line('b'), hook('PreToolUse:Write', 'success'), hook('Stop', 'error'));
    expect(c.items.map(({ value }) => value)).toMatchObject([
      { kind: 'log', source: 'stderr', lines: ['a', 'b'] },
      { kind: 'log', source: 'hook', failed: 1, lines: ['PreToolUse:Write\nout', 'Stop · error, exit 1\nout'] },
    ]);
    expect(c.stderr).toEqual(['a', 'b']);
  });

  it('say nothing about a limit that is far away', () => {
    const limit = (status: string): ChatEvent => ({ type: 'rate_limit', raw: { rate_limit_info: { status, rateLimitType: 'five_hour' } } });
    expect(kinds(converse(limit('allowed')))).toEqual([]);
    expect(converse(limit('rejected')).items[0]?.value).toMatchObject({ tone: 'error', text: 'The five-hour limit is reached.' });
  });

  it('keep what is not known', () => {
    const c = converse({ type: 'unknown', raw: { a: 1 } }, { type: 'from_the_future', b: 2 } as unknown as ChatEvent, { type: 'constructor' } as unknown as ChatEvent);
    expect(kinds(c)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(c.meta.value.unknown).toBe(3);
  });
});

describe('replay', () => {
  const story: ChatEvent[] = [
    { type: 'capabilities', commands: [{ name: 'compact', description: '', argument_hint: '', aliases: [] }], models: [], agents: [], project_trusted: false },
    { type: 'state', state: 'working' },
    user('do it', { client_id: 'c1', message_id: 'u1' }),
    { type: 'turn_started', claude_session_id: 's', model: 'opus', permission_mode: 'default', claude_version: '2.1', mcp_servers: [] },
    { type: 'user_message_delivered', message_id: 'u1', client_id: 'c1' },
    { type: 'thinking_delta', message_id: 'm1', index: 0, text: 'hm' },
    delta('I will', 'm1', 1),
    { type: 'message_discarded', message_id: 'm1' },
    delta('I will ', 'm2', 0),
    delta('look.', 'm2', 0),
    said('I will look.', { message_id: 'm2' }),
    tool('a', 'Agent', { description: 'Look' }),
    { type: 'task_started', task_id: 'k', tool_use_id: 'a', task_type: 'local_agent', description: 'Look', subagent_type: null, prompt: null },
    approval({ tool_use_id: 'b', agent_id: 'x' }),
    tool('b', 'Bash', { command: 'ls' }, 'a'),
    resolved(),
    result('b', 'files', { parent_tool_use_id: 'a' }),
    result('a', 'done'),
    { type: 'stderr', line: 'warn' },
    { type: 'mode', permission_mode: 'plan' },
    { type: 'compacted', trigger: 'auto', pre_tokens: 100_000, post_tokens: 10_000 },
    finished(),
    { type: 'state', state: 'idle' },
    { type: 'unknown', raw: null },
    { type: 'ended', reason: 'exited', code: 0, signal: null },
  ];

  it('is the same in one go, in pieces, with repeats, and with reactive cells', () => {
    const whole = picture(converse(...story));
    for (const [overlap, make] of [[0, undefined], [3, undefined], [1, reactiveCell]] as const) {
      const c = new Conversation(make);
      for (let from = 0; from < story.length; from += 4) {
        for (let i = Math.max(0, from - overlap); i < Math.min(from + 4, story.length); i += 1) {
          c.apply(i + 1, (i + 1) * 1_000, story[i] as ChatEvent);
        }
      }
      expect(picture(c)).toEqual(whole);
    }
  });

  it('ignores what it has seen', () => {
    const c = converse(delta('a'));
    expect(c.apply(1, 0, delta('a'))).toBe(false);
    expect(texts(c)).toMatchObject([{ text: 'a' }]);
  });

  it('leaves items alone that an event does not touch', () => {
    const c = converse(user('a'), tool('t1', 'Bash'), delta('x'));
    const before = c.items.map((cell) => cell.value);
    c.apply(4, 0, delta('y'));
    expect(c.items.map((cell, i) => cell.value === before[i])).toEqual([true, true, false]);
  });

  it.each([['plain', undefined], ['reactive', reactiveCell]] as const)('applies 20,000 events in a blink (%s cells)', (_name, make) => {
    const events: ChatEvent[] = [];
    for (let i = 0; events.length < 20_000; i += 1) {
      const id = `m${i}`;
      events.push(user(`say ${i}`, { message_id: `u${i}` }), tool(`t${i}`, 'Bash', { command: 'ls' }), approval({ request_id: `r${i}`, tool_use_id: `t${i}` }));
      events.push(resolved({ request_id: `r${i}` }), result(`t${i}`, 'out'));
      for (let d = 0; d < 12; d += 1) events.push(delta('some words ', id));
      events.push(said('some words', { message_id: id }), { type: 'stderr', line: 'x' }, finished());
    }
    const c = new Conversation(make);
    const begin = performance.now();
    events.forEach((event, i) => c.apply(i + 1, i, event));
    const took = performance.now() - begin;
    expect(c.seq).toBe(events.length);
    // 200 ms on an idle machine; the test has to hold on a shared one.
    expect(took).toBeLessThan(600);
    if (process.env['SHOW_TIMES'] !== undefined) console.info(`${_name}: ${took.toFixed(0)} ms`);
  });
});
