// What the palette can do to the chat in front.

import type { ChatSession } from '$lib/chat/chat-session.svelte';
import { FORMATS, type Format } from '$lib/chat/reading/exporting';
import { firstOdd } from '$lib/chat/reading/oddities';
import type { Reading } from '$lib/chat/reading/reading.svelte';
import type { PermissionMode } from '$lib/protocol';
import { modelName } from '$lib/text/format';
import { modeName } from '$lib/text/state';
import { register, type PaletteAction } from './actions.svelte';

const MODES: readonly PermissionMode[] = ['default', 'acceptEdits', 'plan', 'auto', 'dontAsk', 'bypassPermissions'];

/** Called in an effect: registers anew when what can be done changes, and returns what takes it back. */
export function warningActions(session: string, reading: Reading): () => void {
  const show = (): void => {
    const odd = firstOdd(reading.items);
    if (odd !== null) void reading.show(odd);
  };
  return register({ id: 'show-warnings', title: 'Show what claude-web does not know', words: 'warnings unknown odd', quiet: true, session, run: show });
}

/** As above; for what only a running session can do. */
export function chatActions(session: string, chat: ChatSession, bypass: boolean): () => void {
  const list: PaletteAction[] = [];
  if (chat.busy) list.push({ id: 'stop', title: 'Stop Claude', words: 'interrupt cancel turn', shortcut: 'stop', session, run: () => chat.interrupt() });
  for (const mode of MODES) {
    if (mode === chat.mode || (mode === 'bypassPermissions' && !bypass)) continue;
    list.push({ id: `mode-${mode}`, title: `Permission mode: ${modeName(mode)}`, words: 'change set', quiet: true, session, run: () => chat.set({ permission_mode: mode }) });
  }
  for (const { value } of chat.conversation.meta.value.models) {
    if (value === chat.model) continue;
    list.push({ id: `model-${value}`, title: `Model: ${modelName(value)}`, words: 'change set', quiet: true, session, run: () => chat.set({ model: value }) });
  }
  return register(...list);
}

/** As above; for what can be done with what was said. */
export function readingActions(reading: Reading, find: () => void, save: (format: Format) => void): () => void {
  const { session, folded, panel } = reading;
  const outline = panel === 'outline';
  return register(
    { id: 'find', title: 'Find in conversation', words: 'search text', shortcut: 'find', tool: { icon: 'search', hint: 'Find (Ctrl+F)', pressed: reading.find.open }, session, run: find },
    { id: 'outline', title: 'Outline', words: 'prompts messages jump', tool: { icon: 'outline', hint: 'Prompts ([ and ])', pressed: outline }, session, run: () => (reading.panel = outline ? null : 'outline') },
    {
      id: 'fold',
      title: folded ? 'Show tools again' : 'Fold all tools',
      words: 'collapse hide',
      tool: { icon: 'fold', name: 'Fold all tools', hint: folded ? 'Show tools again' : 'Fold all tools', pressed: folded },
      session,
      run: () => reading.fold(!folded),
    },
    ...FORMATS.map((format) => ({ id: `export-${format.value}`, title: `Export as ${format.label}`, words: 'save download', quiet: true as const, tool: { icon: 'download', name: 'Export' } as const, session, run: () => save(format) })),
  );
}
