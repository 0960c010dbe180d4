// What the header says of a session, in the order in which it may be left out.

import type { ContextUse, Session } from '$lib/protocol';
import { modelName, money, percentUsed, tokens } from '$lib/text/format';
import { modeName } from '$lib/text/state';

/** What runs: program or model, mode, effort. */
export function howItRuns(session: Session): string[] {
  const runs = session.kind === 'terminal' ? session.program : session.model === null ? null : modelName(session.model);
  const mode = session.permission_mode === null || session.permission_mode === 'default' ? null : modeName(session.permission_mode);
  const effort = session.effort === null ? null : `${session.effort} effort`;
  return [runs, mode, effort].filter((fact) => fact !== null);
}

/** How full the context window is: "41 %", or the tokens where the window's size is not known. */
export function fullness(context: ContextUse | null): string | null {
  if (context === null || context.used_tokens <= 0) return null;
  const { used_tokens: used, window_tokens: window } = context;
  if (window === null || window <= 0) return `${tokens(used)} tokens`;
  return `${percentUsed(used, window)} % context`;
}

/** What it has used. */
export function whatItUsed(session: Session): string[] {
  const cost = session.cost_usd === null || session.cost_usd <= 0 ? null : money(session.cost_usd);
  return [fullness(session.context), cost].filter((fact) => fact !== null);
}
