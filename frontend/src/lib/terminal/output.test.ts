import { describe, expect, it } from 'vitest';
import { OutputCursor } from './output';

const K = 1024;

describe('where to resume', () => {
  it('asks for nothing at first, then for the next byte not received', () => {
    const cursor = new OutputCursor();
    expect(cursor.resume).toEqual({ epoch: null, offset: null });
    cursor.attached('e1', 1000, false, 0);
    cursor.receive(50);
    expect(cursor.resume).toEqual({ epoch: 'e1', offset: 1050 });
  });

  it('does not count a snapshot, and resumes nothing while it has only a part of one', () => {
    const cursor = new OutputCursor();
    cursor.attached('e1', 1000, false, 9999);
    cursor.receive(9000);
    expect(cursor.resume.offset).toBeNull();
    cursor.receive(999);
    expect(cursor.resume.offset).toBe(1000);
    cursor.receive(10);
    expect(cursor.resume.offset).toBe(1010);
  });

  it('starts over where the server goes on after a skip', () => {
    const cursor = new OutputCursor();
    cursor.attached('e1', 0, false, 0);
    cursor.receive(10);
    cursor.skipped(5000, 0);
    cursor.receive(1);
    expect(cursor.resume).toEqual({ epoch: 'e1', offset: 5001 });
  });
});

describe('acknowledging', () => {
  it('waits for a good deal to be drawn, unless it is quiet', () => {
    const cursor = new OutputCursor();
    cursor.attached('e1', 0, false, 0);
    const first = cursor.receive(60 * K);
    const second = cursor.receive(10 * K);
    expect(cursor.due(true)).toBeNull();
    first();
    expect(cursor.due(false)).toBeNull();
    second();
    expect(cursor.due(false)).toBe(70 * K);
    expect(cursor.due(true)).toBeNull();
    cursor.receive(3)();
    expect(cursor.due(false)).toBeNull();
    expect(cursor.due(true)).toBe(70 * K + 3);
  });

  it('does not count what was drawn of an earlier stream', () => {
    const cursor = new OutputCursor();
    cursor.attached('e1', 0, false, 0);
    const late = cursor.receive(500 * K);
    cursor.attached('e2', 10, false, 0);
    late();
    expect(cursor.due(true)).toBeNull();
    cursor.receive(5)();
    expect(cursor.due(true)).toBe(15);
  });

  it('tells at once that a snapshot was drawn, and only when all of it was', () => {
    const cursor = new OutputCursor();
    cursor.attached('e1', 0, false, 0);
    cursor.receive(10)();
    cursor.skipped(5000, 30);
    const first = cursor.receive(20);
    const second = cursor.receive(10);
    const stream = cursor.receive(7);
    first();
    expect(cursor.due(true)).toBeNull();
    second();
    expect(cursor.due(false)).toBe(5000);
    stream();
    expect(cursor.due(false)).toBeNull();
    expect(cursor.due(true)).toBe(5007);
  });

  it('goes on across a resumed connection', () => {
    const cursor = new OutputCursor();
    cursor.attached('e1', 0, false, 0);
    const drawn = cursor.receive(100);
    cursor.attached('e1', 100, true, 0);
    drawn();
    expect(cursor.due(true)).toBe(100);
  });
});
