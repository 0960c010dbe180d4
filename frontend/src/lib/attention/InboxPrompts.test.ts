import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { provideHost, type PromptHost } from '$lib/chat/context';
import ApprovalCard from '$lib/chat/ApprovalCard.svelte';
import PlanCard from '$lib/chat/PlanCard.svelte';
import QuestionCard from '$lib/chat/QuestionCard.svelte';
import { request } from '$lib/chat/events.testing';
import type { ApprovalItem, PlanItem, QuestionItem } from '$lib/chat/items';
import Standing from './Standing.testing.svelte';

// The test's document measures nothing.
vi.stubGlobal('ResizeObserver', class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
});

// What cards are made of may use no more than a host: in the inbox there is no conversation.
const approval = (tool_name: string, input: ApprovalItem['request']['input']): ApprovalItem => ({ kind: 'approval', id: 1, at: 0, resolution: null, request: request({ tool_name, input }) });
const plan: PlanItem = { kind: 'plan', id: 1, at: 0, resolution: null, request: { request_id: 'r1', tool_use_id: null, plan: '# Do it\n\n```sh\nls\n```', plan_path: null } };
const question: QuestionItem = {
  kind: 'question',
  id: 1,
  at: 0,
  resolution: null,
  request: { request_id: 'r1', tool_use_id: null, questions: [{ question: 'Which?', options: [{ label: 'Red', preview: '###' }, { label: 'Blue' }] }] },
};

describe('cards outside of a conversation', () => {
  let view: object | null = null;
  const answer = vi.fn<PromptHost['answer']>();
  const host: PromptHost = { base: '/w', say: () => undefined, prompts: new Map(), projectTrusted: null, leading: 'r1', moved: 0, sent: () => undefined, answer };
  const show = (card: unknown, item: unknown): string => {
    view = mount(Standing, { target: document.body, props: { provide: () => provideHost(host), card: card as never, item: item as never } });
    flushSync();
    return document.body.textContent ?? '';
  };

  afterEach(() => {
    if (view !== null) void unmount(view);
    view = null;
    vi.useRealTimers();
    answer.mockReset();
    sessionStorage.clear();
  });

  it.each([
    [ApprovalCard, approval('Bash', { command: 'rm -rf x' }), 'Run this command?'],
    [ApprovalCard, approval('Write', { file_path: '/w/a.md', content: 'x' }), 'Write a.md?'],
    [ApprovalCard, approval('Write', { file_path: '/w/a.md', content: 'x' }), 'The whole content of the file:'],
    [ApprovalCard, approval('Write', { file_path: '/w/a.md', content: `x\n${'y'.repeat(2_001)}` }), 'The content of the file, without the ends of very long lines:'],
    [ApprovalCard, approval('Edit', { file_path: '/w/a.md', old_string: 'x', new_string: 'y' }), 'Edit a.md?'],
    [ApprovalCard, approval('WebFetch', { url: 'https://a.b/c' }), 'a.b'],
    [ApprovalCard, approval('Agent', { prompt: 'look' }), 'look'],
    [ApprovalCard, approval('mcp__a__b', { c: 1 }), 'Use b from a?'],
    [PlanCard, plan, 'Do it'],
    [QuestionCard, question, 'Which?'],
  ])('stand by themselves %#', (card, item, words) => {
    expect(show(card, item)).toContain(words);
  });

  it('send the whole input with the change', () => {
    vi.useFakeTimers();
    show(ApprovalCard, approval('Bash', { command: 'rm -rf x', description: 'd' }));
    vi.advanceTimersByTime(500);
    host.prompts.get('r1')?.edit?.();
    flushSync();
    const area = document.querySelector('textarea')!;
    area.value = 'ls';
    area.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
    expect(document.body.textContent).not.toContain('deletes files');
    document.querySelector<HTMLButtonElement>('[aria-label="Allow with changes"]')!.click();
    expect(answer.mock.calls).toMatchObject([['r1', { behavior: 'allow', updated_input: { command: 'ls', description: 'd' } }]]);
  });

  it('choose by digits and keep the draft for a reload', () => {
    vi.useFakeTimers();
    show(QuestionCard, question);
    vi.advanceTimersByTime(500);
    flushSync();
    const card = document.querySelector('[data-prompt]')!;
    card.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, cancelable: true }));
    flushSync();
    void unmount(view!);
    show(QuestionCard, question);
    expect(document.querySelector<HTMLInputElement>('input[type="radio"]')?.checked).toBe(true);
    vi.advanceTimersByTime(500);
    flushSync();
    document.querySelector('form')!.requestSubmit();
    expect(answer.mock.calls).toMatchObject([['r1', { answers: { 'Which?': 'Red' }, annotations: { 'Which?': { preview: '###' } }, response: null }]]);
  });

  it('send a rewritten plan', () => {
    vi.useFakeTimers();
    show(PlanCard, plan);
    vi.advanceTimersByTime(500);
    host.prompts.get('r1')?.edit?.();
    flushSync();
    const area = document.querySelector<HTMLTextAreaElement>('textarea.plan')!;
    area.value = '# Do less';
    area.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
    host.prompts.get('r1')?.always();
    expect(answer.mock.calls).toMatchObject([['r1', { permission_mode: 'acceptEdits', updated_input: { plan: '# Do less' } }]]);
  });
});
