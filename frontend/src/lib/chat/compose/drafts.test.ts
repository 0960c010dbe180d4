import { describe, expect, it } from 'vitest';
import { attachment } from './attachments';
import { Drafts, NO_DRAFT, saveDraft } from './drafts';
import { BlockedStorage, MemoryStorage } from './storage.testing';

const image = (data = 'AAAA') => attachment('image', 'a.png', 'image/png', data);

describe('drafts', () => {
  it('are kept per session', () => {
    const storage = new MemoryStorage();
    const drafts = new Drafts(storage);
    drafts.saveText('a', 'half a');
    expect([drafts.load('a').text, drafts.load('b').text]).toEqual(['half a', '']);
    drafts.saveText('a', '');
    expect(storage.length).toBe(0);
  });

  it('can be left for a session that is opened next', () => {
    const storage = new MemoryStorage();
    saveDraft('a', 'from a fork', storage);
    expect(new Drafts(storage).load('a').text).toBe('from a fork');
    saveDraft('a', 'x', new BlockedStorage());
  });

  it('keep small attachments and say when they are too large', () => {
    const drafts = new Drafts(new MemoryStorage());
    expect(drafts.saveAttachments('a', [image()])).toBe(true);
    expect(drafts.load('a').attachments).toMatchObject([{ kind: 'image', name: 'a.png', mediaType: 'image/png', data: 'AAAA', bytes: 3 }]);
    expect(drafts.saveAttachments('a', [image('A'.repeat(1_100_000))])).toBe(false);
    expect(drafts.load('a').attachments).toEqual([]);
  });

  it('reach another tab, for its own session only', () => {
    const storage = new MemoryStorage();
    const here = new Drafts(storage);
    const there = new Drafts(storage);
    here.saveText('a', 'from here');
    expect(there.changed('a', 'claude-web.draft.a')).toMatchObject({ text: 'from here' });
    expect(there.changed('b', 'claude-web.draft.a')).toBeNull();
    here.saveText('a', '');
    expect(there.changed('a', 'claude-web.draft.a')).toEqual(NO_DRAFT);
    expect(there.changed('a', null)).toBeNull();
  });

  it('are pruned to the newest fifty, with what was attached', () => {
    const storage = new MemoryStorage();
    let time = 0;
    const drafts = new Drafts(storage, () => (time += 1));
    drafts.saveAttachments('s0', [image()]);
    for (let i = 0; i < 60; i += 1) drafts.saveText(`s${i}`, 'x');
    expect(storage.length).toBe(50);
    expect([drafts.load('s9').text, drafts.load('s10').text, drafts.load('s0').attachments.length]).toEqual(['', 'x', 0]);
  });

  it('do without where storage is blocked, and read no nonsense', () => {
    const blocked = new Drafts(new BlockedStorage());
    blocked.saveText('a', 'x');
    expect(blocked.load('a')).toEqual(NO_DRAFT);
    expect(blocked.saveAttachments('a', [image()])).toBe(false);
    const storage = new MemoryStorage();
    storage.setItem('claude-web.draft.a', '{"text":3}');
    storage.setItem('claude-web.draft-files.a', '[1,{"kind":"script","name":"x"}]');
    expect(new Drafts(storage).load('a')).toEqual(NO_DRAFT);
  });
});
