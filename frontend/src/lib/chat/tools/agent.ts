// What a subagent hands back.

import type { ToolItem } from '../items';
import { listField, plainText, textField } from '../json';

// Added by the CLI for the model: how to go on with the agent, and what it used. The card says that in its own way.
const TRAILER = /\n*agentId: [^\n]*\n?(?:<usage>[\s\S]*?<\/usage>)?\s*$/;

/** Empty while it works, and for one that was only sent off. */
export function agentReport({ result }: ToolItem): string {
  if (result === null || result.isError) return '';
  const status = textField(result.structured, 'status');
  if (status === 'async_launched' || status === 'remote_launched') return '';
  const said = listField(result.structured, 'content').flatMap((part) => textField(part, 'text') ?? []);
  return (said.length > 0 ? said.join('\n\n') : plainText(result.content)).replace(TRAILER, '').trim();
}
