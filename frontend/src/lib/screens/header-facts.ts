// What the header says of a session, in the order in which it may be left out. What it has used stands by the composer.

import type { Session } from '$lib/protocol';
import { modelName } from '$lib/text/format';
import { modeName } from '$lib/text/state';

/** What runs: program or model, mode, effort. */
export function howItRuns(session: Session): string[] {
  const runs = session.kind === 'terminal' ? session.program : session.model === null ? null : modelName(session.model);
  const mode = session.permission_mode === null || session.permission_mode === 'default' ? null : modeName(session.permission_mode);
  const effort = session.effort === null ? null : `${session.effort} effort`;
  return [runs, mode, effort].filter((fact) => fact !== null);
}
