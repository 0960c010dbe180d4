import { describe, expect, it } from 'vitest';
import { effortChoices, modeChoices, modelChoices, nameOf } from './pickers';

const models = [
  { value: 'default', display_name: 'Default (recommended)', description: 'Opus', efforts: ['low', 'high', 'unheard-of'] },
  { value: 'haiku', display_name: 'Haiku', description: 'Fast', efforts: [] },
];

describe('pickers', () => {
  it('offer the mode that asks nothing only where it is allowed', () => {
    expect(modeChoices('default', false).some((one) => one.value === 'bypassPermissions')).toBe(false);
    expect(modeChoices('default', true).some((one) => one.danger === true)).toBe(true);
    expect(modeChoices('bypassPermissions', false).some((one) => one.danger === true)).toBe(true);
    expect(modeChoices('brandNew', false).at(-1)?.value).toBe('brandNew');
    expect(modeChoices('default', true).every((one) => one.text !== '')).toBe(true);
  });

  it('show the model in use even if the CLI offers others', () => {
    expect(modelChoices('haiku', models)).toHaveLength(2);
    expect(modelChoices('claude-opus-4-8', models)[0]?.value).toBe('claude-opus-4-8');
    expect(nameOf('', modelChoices('', models))).toBe('Default model');
  });

  it('offer the efforts a model knows, or nothing', () => {
    expect(effortChoices('high', 'default', models).map((one) => one.value)).toEqual(['low', 'high']);
    expect(effortChoices('', 'some-other', models).map((one) => one.value)).toEqual(['', 'low', 'high']);
    expect(effortChoices('high', 'haiku', models)).toEqual([]);
    expect(effortChoices('high', 'claude-haiku-4-5', models)).toEqual([]);
    expect(effortChoices('high', 'x', [])).toEqual([]);
  });
});
