// The scripted Messages API, held against the real CLI: every step does what its description says.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { start } from './messages-api.mjs'
import { environment, makeHome, runTurn } from './real-cli.mjs'

describe('scripted Messages API with the real CLI', { timeout: 180_000 }, () => {
  let api
  let place
  let cwd

  before(async () => {
    api = await start()
    place = makeHome()
    cwd = join(place.root, 'project')
    writeFileSync(join(cwd, 'a.txt'), 'line one\nline two\n')
    writeFileSync(join(cwd, 'b.txt'), 'bee\n')
  })

  after(async () => {
    await api.close()
    place.remove()
  })

  const turn = (prompt, options = {}) => runTurn({ cwd, env: environment(place.home, api.url), prompt, ...options })
  const tools = (outcome) => outcome.asked.map((request) => request.tool_name)

  test('a prompt without steps is answered with itself, in several pieces', async () => {
    const { result, deltas } = await turn('Hi there')
    assert.equal(result.result, 'Hello from the scripted model. You wrote: Hi there')
    assert.ok(deltas.length >= 5, `${deltas.length} deltas`)
  })

  test('say: as many chunks and as slow as asked', async () => {
    const { result, deltas, spread } = await turn('[[say 20x50]]')
    assert.match(result.result, /^word-1 .*word-20/)
    assert.ok(deltas.length >= 15 && spread >= 700, `${deltas.length} deltas in ${spread} ms`)
  })

  test('think, then say, in one message', async () => {
    const { result, frames } = await turn('[[think I wonder]]+[[say Thought it over]]')
    assert.equal(result.result, 'Thought it over')
    assert.ok(frames.some((frame) => frame.event?.delta?.type === 'thinking_delta'))
  })

  test('write asks, and the file is there after an allow', async () => {
    const outcome = await turn('[[write notes.md: hello world]]')
    assert.deepEqual(tools(outcome), ['Write'])
    assert.equal(readFileSync(join(cwd, 'notes.md'), 'utf8'), 'hello world')
  })

  test('read, edit, bash: one after the other, each after the result of the one before', async () => {
    const outcome = await turn('[[read a.txt]] then [[edit a.txt: line two => line 2]] then [[bash cat a.txt]]')
    assert.deepEqual(tools(outcome), ['Edit'])
    assert.equal(outcome.result.result, 'Result was: line one\nline 2')
  })

  test('two tools in one message', async () => {
    const { result } = await turn('[[read a.txt]]+[[read b.txt]]')
    assert.match(result.result, /line one[^]*\|[^]*bee/)
  })

  test('a denial reaches the model word for word', async () => {
    const outcome = await turn('[[bash rm -f zz]]', { answer: () => ({ behavior: 'deny', message: 'Use the bin instead' }) })
    assert.deepEqual(tools(outcome), ['Bash'])
    assert.equal(outcome.result.result, 'Result was: Use the bin instead')
    assert.ok(api.requests.some((request) => request.results.some((entry) => entry.is_error && entry.text === 'Use the bin instead')))
  })

  test('ask: the answers reach the model', async () => {
    const answer = ({ input }) => ({
      behavior: 'allow',
      updatedInput: { ...input, answers: { [input.questions[0].question]: 'Blue', [input.questions[1].question]: 'Search, Export' } },
    })
    const outcome = await turn('[[ask many]]', { answer })
    assert.deepEqual(tools(outcome), ['AskUserQuestion'])
    assert.match(outcome.result.result, /"Blue".*"Search, Export"/)
  })

  test('plan: the plan is shown for approval, and work goes on in the mode that was chosen', async () => {
    const suggestion = { type: 'setMode', mode: 'acceptEdits', destination: 'session' }
    const outcome = await turn('[[plan # My plan]] then [[write planned.md: x]]', {
      mode: 'plan',
      answer: () => ({ behavior: 'allow', updatedPermissions: [suggestion] }),
    })
    assert.deepEqual(tools(outcome), ['ExitPlanMode'])
    assert.equal(outcome.asked[0].input.plan, '# My plan')
    assert.equal(readFileSync(join(cwd, 'planned.md'), 'utf8'), 'x')
  })

  test('agent: a subagent has steps of its own', async () => {
    const { result } = await turn('[[agent ((bash echo from below))]]')
    assert.match(result.result, /from below/)
  })

  test('tool: any tool by name', async () => {
    const { result } = await turn('[[tool TaskCreate {"subject":"Sweep","description":"the floor"}]]')
    assert.match(result.result, /Sweep/)
  })

  test('background: the command runs on, and the turn does not wait', async () => {
    const { result } = await turn('[[background sleep 1]]')
    assert.match(result.result, /running in background/)
  })

  test('fail: an overloaded API is tried again, a bad key ends the turn', async () => {
    const recovered = await turn('[[fail 529 2]] then [[say recovered]]')
    assert.equal(recovered.result.result, 'recovered')
    assert.equal(recovered.retries, 2)
    const refused = await turn('[[fail 401]]')
    assert.equal(refused.result.is_error, true)
    assert.equal(refused.result.api_error_status, 401)
  })

  test('cut: the CLI asks again, and the half sentence is not in the result', async () => {
    const { result } = await turn('[[cut]] then [[say after the cut]]')
    assert.equal(result.result, 'after the cut')
  })

  for (const [name, prompt, reason] of [
    ['slow', '[[slow 60]]', 'aborted_streaming'],
    ['hang', '[[hang]]', 'aborted_streaming'],
    ['a long Bash', '[[bash sleep 1000]]', 'aborted_tools'],
  ]) {
    test(`${name}: an interrupt ends it`, async () => {
      const { result } = await turn(prompt, { interruptAfter: 1500 })
      assert.equal(result.terminal_reason, reason)
    })
  }
})
