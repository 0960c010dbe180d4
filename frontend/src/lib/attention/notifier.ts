// The side effects of signals: system notifications and a short tone.

import type { Permission, Waiting } from './signals';
import { tagOf } from './signals';

export function permission(): Permission {
  if (!window.isSecureContext) return 'insecure';
  return 'Notification' in window ? Notification.permission : 'missing';
}

/** Only from a press: browsers refuse to ask otherwise. */
export async function askPermission(): Promise<Permission> {
  if (permission() !== 'default') return permission();
  try {
    return await Notification.requestPermission();
  } catch {
    return permission();
  }
}

const shown = new Map<string, Notification>();

/** False when the browser refused. */
export function show(waiting: Waiting, onopen: (sessionId: string) => void): boolean {
  if (permission() !== 'granted') return false;
  const tag = tagOf(waiting);
  try {
    const notification = new Notification(waiting.title, { body: waiting.summary, tag, icon: '/favicon.svg' });
    notification.onclick = () => {
      window.focus();
      notification.close();
      onopen(waiting.sessionId);
    };
    notification.onclose = () => shown.delete(tag);
    shown.set(tag, notification);
    return true;
  } catch {
    // Android takes them from service workers alone.
    return false;
  }
}

export function close(tag: string): void {
  shown.get(tag)?.close();
  shown.delete(tag);
}

let audio: AudioContext | null = null;

/** Two short notes. Before the first press on a page browsers keep it silent; false then. */
export async function chime(): Promise<boolean> {
  try {
    audio ??= new AudioContext();
    const { currentTime } = audio;
    if (audio.state === 'suspended') {
      // Resuming without a press may never settle.
      await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
      if (!isRunning(audio)) return false;
    }
    note(audio, 660, currentTime + 0.02);
    note(audio, 880, currentTime + 0.16);
    return true;
  } catch {
    return false;
  }
}

const isRunning = (context: AudioContext): boolean => context.state === 'running';

function note(context: AudioContext, frequency: number, at: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.14, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.22);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.25);
}
