// Modifiers on glass: a tap is for the next key, a double tap holds, another tap lets go.

import { isCharacter, withModifiers, type Combination, type Modifiers } from '../keys';

export type Modifier = keyof Modifiers;
export type Hold = 'off' | 'once' | 'locked';

/** Two taps within this time are one double tap. */
export const DOUBLE_TAP_MS = 350;

export class Sticky {
  shift = $state<Hold>('off');
  alt = $state<Hold>('off');
  control = $state<Hold>('off');
  private tapped: { which: Modifier; at: number } | null = null;

  tap(which: Modifier, now: number): void {
    const twice = this.tapped?.which === which && now - this.tapped.at <= DOUBLE_TAP_MS;
    this.tapped = twice ? null : { which, at: now };
    if (this[which] === 'off') this[which] = 'once';
    else this[which] = this[which] === 'once' && twice ? 'locked' : 'off';
  }

  get held(): Modifiers {
    return { shift: this.shift !== 'off', alt: this.alt !== 'off', control: this.control !== 'off' };
  }

  /** Whether the next character would not be sent as it is. */
  get armed(): boolean {
    return this.alt !== 'off' || this.control !== 'off';
  }

  /** What was typed, with what is held. What is not one character was no key press, and uses nothing up. */
  typed(text: string): string {
    if (!this.armed || !isCharacter(text)) return text;
    const sent = withModifiers(text, this.held);
    this.used();
    return sent;
  }

  /** A key of the bar, with what is held. */
  pressed({ key, ...own }: Combination): Combination {
    const { shift, alt, control } = this.held;
    this.used();
    return { key, shift: own.shift || shift, alt: own.alt || alt, control: own.control || control };
  }

  private used(): void {
    this.tapped = null;
    if (this.shift === 'once') this.shift = 'off';
    if (this.alt === 'once') this.alt = 'off';
    if (this.control === 'once') this.control = 'off';
  }
}
