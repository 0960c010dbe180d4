import { beforeEach, describe, expect, it } from 'vitest';
import { Credentials, deviceName, tokenFrom } from './credentials.svelte';

const TOKEN = 'abcDEF0123456789_-abcDEF0123456789_-abcDEF';

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  history.replaceState(null, '', '/');
});

describe('where the token comes from', () => {
  it('takes it from the address and clears the address at once', () => {
    history.replaceState(null, '', `/s/some-id?x=1#token=${TOKEN}`);
    const credentials = new Credentials();
    expect(credentials.token).toBe(TOKEN);
    expect(location.hash).toBe('');
    expect(location.pathname + location.search).toBe('/s/some-id?x=1');
  });

  it('keeps it in this tab only', () => {
    history.replaceState(null, '', `/#token=${TOKEN}`);
    new Credentials();
    expect(JSON.stringify({ ...localStorage })).not.toContain(TOKEN);
    expect(document.cookie).toBe('');
    expect(new Credentials().token).toBe(TOKEN);
  });

  it('clears even an address whose token is no token', () => {
    history.replaceState(null, '', '/#token=<script>');
    expect(new Credentials().token).toBeNull();
    expect(location.hash).toBe('');
  });

  it('prefers a new link over what the tab remembers', () => {
    sessionStorage.setItem('claude-web.token', 'an-older-token-of-another-run');
    history.replaceState(null, '', `/#token=${TOKEN}`);
    expect(new Credentials().token).toBe(TOKEN);
  });
});

describe('signing in by hand', () => {
  it.each([
    [TOKEN, TOKEN],
    [`  ${TOKEN}\n`, TOKEN],
    [`https://cw-12345678.localhost:8443/#token=${TOKEN}`, TOKEN],
    [`#token=${TOKEN}`, TOKEN],
    ['', null],
    ['https://localhost:8443/', null],
    ['https://localhost:8443/#other=1', null],
    ['too short', null],
    [`${TOKEN} ${TOKEN}`, null],
  ])('reads %j', (pasted, token) => {
    expect(tokenFrom(pasted)).toBe(token);
  });

  it('says whether anything was found', () => {
    const credentials = new Credentials();
    expect(credentials.signIn('nothing here')).toBe(false);
    expect(credentials.token).toBeNull();
    expect(credentials.signIn(TOKEN)).toBe(true);
    expect(credentials.token).toBe(TOKEN);
  });
});

describe('signing out', () => {
  it('forgets the token and says why', () => {
    const credentials = new Credentials();
    credentials.signIn(TOKEN);
    credentials.signOut();
    expect(credentials.token).toBeNull();
    expect(credentials.reason).toBe('signed_out');
    expect(new Credentials().token).toBeNull();
    credentials.signIn(TOKEN);
    credentials.refuse();
    expect(credentials.reason).toBe('refused');
    expect(sessionStorage.length).toBe(0);
  });
});

describe('the name of this device', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'Chrome on Linux'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari on iPhone'],
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36', 'Chrome on Android'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on macOS'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0', 'Edge on Windows'],
    ['curl/8', 'Browser'],
  ])('%s', (agent, name) => {
    expect(deviceName(agent)).toBe(name);
  });
});
