// An emulator answers questions that come with the output, and the answer is typed into the program. Output is replayed
// to every viewer and after every reconnect, so an answer from here would be typed again and again by programs that
// asked once, or by whoever reads the next line. The server answers; this side never does.

import type { IDisposable, IParser } from '@xterm/xterm';

type Csi = Parameters<IParser['registerCsiHandler']>[0];

const QUERIES: readonly Csi[] = [
  { final: 'c' }, // primary device attributes
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' }, // device status, cursor position
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' }, // mode requests
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 't' }, // window reports
  { prefix: '>', final: 'q' }, // version
  { prefix: '?', final: 'u' }, // keyboard protocol
  { final: 'x' }, // terminal parameters
];

const COLOURS = [4, 5, 10, 11, 12, 13, 14, 17, 19];
/** Notifications, files and images: nothing a program prints may reach outside the terminal. */
const REFUSED = [9, 50, 99, 777, 1337, 5113];

export function silence(parser: IParser): IDisposable[] {
  const swallow = (): boolean => true;
  return [
    ...QUERIES.map((id) => parser.registerCsiHandler(id, swallow)),
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow),
    parser.registerDcsHandler({ intermediates: '+', final: 'q' }, swallow),
    ...COLOURS.map((id) => parser.registerOscHandler(id, asks)),
    ...REFUSED.map((id) => parser.registerOscHandler(id, swallow)),
  ];
}

/** Colours may be set but not asked for. */
function asks(data: string): boolean {
  return data.split(';').some((part) => part.trim() === '?');
}
