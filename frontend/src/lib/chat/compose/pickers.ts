// What can be chosen for a running session, and what each choice means.

import type { Effort, ModelChoice, PermissionMode } from '$lib/protocol';
import { EFFORT_WORDS, EFFORTS, MODES } from '$lib/start/words';
import { modelName } from '$lib/text/format';
import { modeName } from '$lib/text/state';
import type { Choice } from './Menu.svelte';

export function isMode(value: string): value is PermissionMode {
  return MODES.some((mode) => mode.value === value);
}

export function isEffort(value: string): value is Effort {
  return (EFFORTS as readonly string[]).includes(value);
}

export function modeChoices(current: string, allowBypass: boolean): Choice[] {
  const choices = MODES.filter(({ value }) => value !== 'bypassPermissions' || allowBypass || current === value).map(({ value, text }) => ({
    value,
    name: modeName(value),
    text,
    danger: value === 'bypassPermissions',
  }));
  return isMode(current) ? choices : [...choices, { value: current, name: current, text: 'What this session runs in now.' }];
}

export function modelChoices(current: string, models: readonly ModelChoice[]): Choice[] {
  const choices = models.map(({ value, display_name, description }) => ({ value, name: display_name, text: description }));
  if (models.some((one) => one.value === current)) return choices;
  return [{ value: current, name: current === '' ? 'Default model' : modelName(current), text: current === '' ? 'What your own settings say.' : `${current}, in use now.` }, ...choices];
}

/** Which of the CLI's choices a model is; the CLI names the model in use by its full id. */
function choiceOf(model: string, models: readonly ModelChoice[]): ModelChoice | undefined {
  const named = ({ value }: ModelChoice): boolean => model.includes(value.replace(/\[.*$/, ''));
  return models.find((one) => one.value === model) ?? models.find(named) ?? models.find((one) => one.value === 'default');
}

/** None when the model cannot be asked for any. */
export function effortChoices(current: string, model: string, models: readonly ModelChoice[]): Choice[] {
  const efforts = (choiceOf(model, models)?.efforts ?? []).filter(isEffort);
  if (efforts.length === 0) return [];
  const choices: Choice[] = efforts.map((value) => ({ value, name: EFFORT_NAMES[value], text: EFFORT_WORDS[value] }));
  return efforts.some((one) => one === current) ? choices : [{ value: current, name: current === '' ? 'Default' : current, text: 'What this session runs with now.' }, ...choices];
}

const EFFORT_NAMES: Readonly<Record<Effort, string>> = { low: 'Low', medium: 'Medium', high: 'High', xhigh: 'Extra high', max: 'Maximum' };

export function nameOf(current: string, choices: readonly Choice[]): string {
  return choices.find((one) => one.value === current)?.name ?? current;
}
