// What the diagram frame says. It draws what others wrote, so nothing it says is trusted further than this.

export type FrameMessage = { readonly type: 'ready' } | { readonly type: 'drawn'; readonly height: number } | { readonly type: 'failed'; readonly error: string };

const LEAST = 40;
const MOST = 4_000;
const WORDS = 300;

export function frameMessage(data: unknown): FrameMessage | null {
  if (typeof data !== 'object' || data === null || !('type' in data)) return null;
  if (data.type === 'ready') return { type: 'ready' };
  if (data.type === 'drawn' && 'height' in data && typeof data.height === 'number' && Number.isFinite(data.height)) {
    return { type: 'drawn', height: Math.min(MOST, Math.max(LEAST, Math.round(data.height))) };
  }
  if (data.type === 'failed' && 'error' in data && typeof data.error === 'string') return { type: 'failed', error: data.error.slice(0, WORDS) };
  return null;
}
