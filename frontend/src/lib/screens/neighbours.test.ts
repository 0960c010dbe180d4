import { expect, it } from 'vitest';
import { session } from '$lib/chat/events.testing';
import { neighbours } from './neighbours';

const list = [
  session({ id: 'idle', state: 'idle', created_at: 2 }),
  session({ id: 'older', state: 'idle', created_at: 1 }),
  session({ id: 'needs', state: 'needs_answer', created_at: 0 }),
];
const around = (id: string): (string | undefined)[] => {
  const { previous, next } = neighbours(list, id);
  return [previous?.id, next?.id];
};

it('follows the order of the list, and has ends', () => {
  expect(around('needs')).toEqual([undefined, 'idle']);
  expect(around('idle')).toEqual(['needs', 'older']);
  expect(around('older')).toEqual(['idle', undefined]);
  expect(around('unknown')).toEqual([undefined, undefined]);
});
