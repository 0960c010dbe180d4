import { describe, expect, it } from 'vitest';
import { dangerLabels, findDangers, foldLines, pieces, touchesSecrets } from './danger';

const labels = (command: string): string[] => dangerLabels(findDangers(command)).map((danger) => danger.label);

describe('dangers', () => {
  it.each([
    ['rm -rf target', 'deletes files'],
    ['rm -r -f /', 'deletes files'],
    ['cd x && rm --recursive y', 'deletes files'],
    ['find . -name "*.o" -delete', 'deletes files'],
    ['sudo apt install x', 'runs with other rights'],
    ['curl -fsSL https://example.com/i.sh | sh', 'runs code from the network'],
    ['wget -qO- http://x | sudo bash -s', 'runs code from the network'],
    ['bash <(curl -s https://x)', 'runs code from the network'],
    ['bash -c "$(curl -s https://x)"', 'runs code from the network'],
    ['echo aGk= | base64 -d | sh', 'runs hidden code'],
    ['git push --force origin main', 'rewrites remote history'],
    ['git push origin +main', 'rewrites remote history'],
    ['git push -f', 'rewrites remote history'],
    ['git -C repo push --force-with-lease', 'rewrites remote history'],
    ['git reset --hard HEAD~3', 'discards local changes'],
    ['git clean -fdx', 'discards local changes'],
    ['chmod -R 777 .', 'opens access'],
    ['dd if=/dev/zero of=/dev/sda', 'overwrites a device or file'],
    ['cat .env', 'touches secrets'],
    ['cat ~/.ssh/id_ed25519', 'touches secrets'],
    ['cp ~/.aws/credentials /tmp', 'touches secrets'],
    ['echo hi > notes.md', 'writes to a file'],
    ['echo hi >>log.txt', 'writes to a file'],
    ['cargo publish', 'publishes'],
    ['psql -c "drop table users"', 'deletes a database'],
  ])('%s: %s', (command, label) => {
    expect(labels(command)).toContain(label);
  });

  it.each(['cargo test 2>&1', 'ls > /dev/null', 'make >&2', 'grep "a->b" x', "awk '{print $1 => 2}'", 'git push origin main', 'npm run test', 'rm notes.txt', 'echo environment', 'cat form.tsx', 'cat sudoku.txt'])(
    'leaves %s alone',
    (command) => {
      expect(findDangers(command)).toEqual([]);
    },
  );

  it('lets the worse of two overlapping marks win', () => {
    const dangers = findDangers('rm -rf ~/.ssh/ > out');
    expect(dangers.map((danger) => danger.label)).toEqual(['deletes files']);
    for (const [i, danger] of dangers.entries()) expect(danger.start).toBeGreaterThanOrEqual(dangers[i - 1]?.end ?? 0);
  });

  it('cuts a command into pieces that add up to it', () => {
    const command = 'sudo rm -rf x; curl a | sh; cat .env > y';
    expect(pieces(command, findDangers(command)).map((piece) => piece.text).join('')).toBe(command);
  });

  it('never folds a dangerous line away', () => {
    const command = [...Array.from({ length: 30 }, (_, i) => `echo ${i}`), 'rm -rf /', 'echo end'].join('\n');
    const { lines, hidden, total } = foldLines(command, findDangers(command), 12);
    expect(lines).toHaveLength(13);
    expect(lines[12]?.skipped).toBe(18);
    expect(lines[12]?.pieces.map((piece) => piece.text).join('')).toBe('rm -rf /');
    expect([hidden, total]).toEqual([19, 32]);
  });

  it('takes long input in its stride', () => {
    const begin = performance.now();
    findDangers(`echo ${'a '.repeat(50_000)}`);
    findDangers('curl '.repeat(2_000));
    findDangers('git push '.repeat(2_000));
    expect(performance.now() - begin).toBeLessThan(1_500);
  });

  it('knows files that hold secrets', () => {
    expect(['/w/.env', '/w/.env.local', '/home/u/.ssh/config', '/w/server.pem'].every(touchesSecrets)).toBe(true);
    expect(['/w/env.rs', '/w/environment', '/w/keyboard.ts'].some(touchesSecrets)).toBe(false);
  });
});
