// What chats promise, held against the real CLI through the chat socket alone: what is decided is what happens, what is
// sent arrives once and in order, and what Claude is told is what was said.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Chat } from './chat-socket.mjs'
import { DOT_PNG, PDF } from './samples.mjs'
import { until } from './server.mjs'
import { scenario } from './support.mjs'

/** The tool results that reached the model. */
const results = (rig) => rig.api.requests.flatMap((request) => request.results.map(({ text }) => text))

/** Blocks of user messages in what the model was asked last. */
const shown = (rig) => rig.api.requests.at(-1).messages.filter(({ role }) => role === 'user').flatMap(({ content }) => (Array.isArray(content) ? content : []))

const approval = async (chat, count = 1) => (await chat.nth('approval_requested', count)).request

scenario('a question with several questions: choices, several choices and a note reach Claude', {}, async (rig) => {
  const chat = await Chat.start(rig.server)
  await chat.send('[[ask many]]')
  const { request } = await chat.nth('question_requested')
  const [colour, features] = request.questions.map(({ question }) => question)
  await chat.answer(request, {
    behavior: 'allow',
    answers: { [colour]: 'Blue', [features]: 'Search, Dark mode' },
    annotations: { [colour]: { notes: 'A dark one' } },
  })
  await chat.nth('turn_finished')
  assert.match(results(rig).at(-1), /"Blue"[^]*"Search, Dark mode"/)
  assert.match(results(rig).at(-1), /A dark one/)
  assert.deepEqual(chat.of('question_resolved')[0].answers, { [colour]: 'Blue', [features]: 'Search, Dark mode' })
})

scenario('a plan is refused with words Claude reads, then approved, and edits go on without asking', {}, async (rig) => {
  const chat = await Chat.start(rig.server, { permission_mode: 'plan' })
  await chat.send('[[plan # Sweep the floor]]')
  const first = (await chat.nth('plan_requested')).request
  assert.equal(first.plan, '# Sweep the floor')
  await chat.answer(first, { behavior: 'deny', message: 'Twice, please' })
  await chat.nth('turn_finished')
  assert.ok(results(rig).some((text) => text.includes('Twice, please')))
  await chat.idle()
  await chat.send('[[plan # Sweep it twice]] then [[write planned.md: swept]]')
  await chat.answer((await chat.nth('plan_requested', 2)).request, { behavior: 'allow', permission_mode: 'acceptEdits' })
  await chat.nth('turn_finished', 2)
  assert.equal(readFileSync(join(rig.project, 'planned.md'), 'utf8'), 'swept')
  assert.equal(chat.of('approval_requested').length, 0)
})

scenario('always allow stores the rule that was shown, and the next same call does not ask', {}, async (rig) => {
  const chat = await Chat.start(rig.server)
  await chat.send('[[bash touch one.txt]] then [[bash touch one.txt]]')
  const request = await approval(chat)
  const index = request.suggestions.findIndex(({ type }) => type === 'addRules')
  assert.ok(index >= 0, JSON.stringify(request.suggestions))
  await chat.answer(request, { behavior: 'allow', suggestions: [index], destination: 'session' })
  await chat.nth('turn_finished')
  assert.equal(chat.of('approval_requested').length, 1, 'the second call did not ask')
  const [rule] = chat.of('approval_resolved')[0].rules
  assert.deepEqual(rule.rules, request.suggestions[index].rules)
  assert.equal(rule.destination, 'session')
  assert.equal(existsSync(join(rig.project, '.claude/settings.local.json')), false, 'a rule of the session is not written down')
})

scenario('a rule stored in the project is in its settings, as it was shown', {}, async (rig) => {
  const chat = await Chat.start(rig.server)
  await chat.send('[[bash touch two.txt]]')
  const request = await approval(chat)
  const index = request.suggestions.findIndex(({ type }) => type === 'addRules')
  await chat.answer(request, { behavior: 'allow', suggestions: [index], destination: 'localSettings' })
  await chat.nth('turn_finished')
  const stored = JSON.parse(readFileSync(join(rig.project, '.claude/settings.local.json'), 'utf8')).permissions.allow
  const [{ toolName, ruleContent }] = request.suggestions[index].rules
  assert.deepEqual(stored, [`${toolName}(${ruleContent})`])
})

scenario('what was edited is what runs', {}, async (rig) => {
  const chat = await Chat.start(rig.server)
  await chat.send('[[write notes.md: as Claude wanted it]]')
  const request = await approval(chat)
  await chat.answer(request, { behavior: 'allow', updated_input: { ...request.input, content: 'as I want it' } })
  await chat.nth('turn_finished')
  assert.equal(readFileSync(join(rig.project, 'notes.md'), 'utf8'), 'as I want it')
  assert.equal(chat.of('approval_resolved')[0].updated_input.content, 'as I want it')
})

scenario('the reason of a refusal reaches Claude word for word', {}, async (rig) => {
  const chat = await Chat.start(rig.server)
  await chat.send('[[bash touch unwanted.txt]]')
  const reason = 'Not there; use "notes.md" instead — please\n(second line)'
  await chat.answer(await approval(chat), { behavior: 'deny', message: reason })
  await chat.nth('turn_finished')
  assert.ok(results(rig).includes(reason))
  assert.equal(existsSync(join(rig.project, 'unwanted.txt')), false)
})

scenario('images, documents and text files reach the API', {}, async (rig) => {
  const chat = await Chat.start(rig.server)
  await chat.turn([
    { type: 'text', text: 'What is in these?' },
    { type: 'image', media_type: 'image/png', data: DOT_PNG.toString('base64') },
    { type: 'document', media_type: 'application/pdf', data: PDF.toString('base64'), name: 'paper.pdf' },
    { type: 'text_file', name: 'notes.txt', text: 'The tide turns at noon' },
  ])
  const blocks = shown(rig)
  const data = (type) => blocks.find((block) => block.type === type)?.source.data
  assert.equal(data('image'), DOT_PNG.toString('base64'))
  assert.equal(blocks.find(({ type, source }) => type === 'document' && source.media_type === 'application/pdf')?.source.data, PDF.toString('base64'))
  assert.ok(JSON.stringify(blocks).includes('The tide turns at noon'))
})

scenario('three messages wait in the queue and arrive once, in order, across a lost connection', {}, async (rig) => {
  const chat = await Chat.start(rig.server)
  await chat.send('[[say 20x100]]')
  await chat.nth('text_delta')
  const words = ['Alpha', 'Beta', 'Gamma']
  for (const word of words) await chat.send(word)
  assert.equal(chat.of('queue').at(-1).order.length, 3)
  chat.drop()
  await sleep(300)
  await chat.connect()
  assert.equal(chat.attached.resumed, true)
  await until('all of them', () => words.every((word) => rig.api.requests.some(({ prompt }) => prompt.includes(word))), { within: 30_000 })
  await chat.idle()
  const seqs = chat.events.map(({ seq }) => seq)
  assert.deepEqual(seqs, seqs.map((_, index) => seqs[0] + index), 'every event once, in order')
  const said = chat.of('user_message').filter(({ origin }) => origin === 'user').map(({ content }) => content[0].text)
  assert.deepEqual(said, ['[[say 20x100]]', ...words])
  const heard = JSON.stringify(rig.api.requests.at(-1).messages)
  const places = words.map((word) => heard.indexOf(`"${word}`))
  assert.deepEqual(places, [...places].sort((a, b) => a - b))
  assert.ok(places.every((place) => place >= 0))
})

scenario('a conversation goes on after its session ended, and a fork leaves the first as it was', {}, async (rig) => {
  const chat = await Chat.start(rig.server)
  await chat.turn('Remember the broom')
  const conversation = chat.of('turn_started')[0].claude_session_id
  await chat.end()
  const resumed = await Chat.start(rig.server, { resume: conversation })
  await resumed.turn('What was it?')
  const heard = () => JSON.stringify(rig.api.requests.at(-1).messages)
  assert.ok(heard().includes('Remember the broom'))
  assert.equal(resumed.of('turn_started').at(-1).claude_session_id, conversation)
  await resumed.end()
  const fork = await Chat.start(rig.server, { resume: conversation, fork: true })
  await fork.turn('Another way')
  assert.ok(heard().includes('Remember the broom') && heard().includes('What was it?'))
  assert.notEqual(fork.of('turn_started').at(-1).claude_session_id, conversation)
  await fork.end()
  const again = await Chat.start(rig.server, { resume: conversation })
  await again.turn('Still here?')
  assert.equal(heard().includes('Another way'), false, 'the first does not know of its fork')
})

scenario('a copy from an earlier message is told what was said up to there, and how full the window is', {}, async (rig) => {
  const chat = await Chat.start(rig.server, { title: 'Grain' })
  await chat.turn('Oats')
  const { uuid } = chat.of('message').findLast(({ block }) => block.type === 'text')
  await chat.turn('Barley')
  const conversation = chat.of('turn_started')[0].claude_session_id
  const copy = await Chat.start(rig.server, { resume: conversation, resume_at: uuid, fork: true })
  const resumed = await copy.nth('resumed')
  assert.deepEqual([resumed.claude_session_id, resumed.forked, resumed.cut], [conversation, true, false])
  const said = copy.of('user_message').map(({ content }) => content[0].text)
  assert.deepEqual(said, ['Oats'])
  assert.ok(copy.of('context')[0].used_tokens > 0)
  const { body } = await rig.server.api('GET', '/api/sessions')
  assert.ok(body.sessions.find(({ id }) => id === copy.id).context.used_tokens > 0)
  await copy.turn('Rye')
  const heard = JSON.stringify(rig.api.requests.at(-1).messages)
  assert.ok(heard.includes('Oats') && heard.includes('Rye') && !heard.includes('Barley'))
  const refused = await rig.server.api('POST', '/api/sessions', { kind: 'chat', cwd: 'project', resume: conversation, resume_at: '00000000-0000-4000-8000-000000000000', fork: true })
  assert.equal(refused.status, 422)
})

scenario('what a subagent does is told while it does it', {}, async (rig) => {
  writeFileSync(join(rig.project, 'a.txt'), 'line one\n')
  const chat = await Chat.start(rig.server)
  await chat.send('[[agent Look around. ((read a.txt)) then ((bash touch below.txt)) then ((say 10x100))]]')
  const request = await approval(chat)
  const call = chat.of('tool_use').find(({ name }) => name === 'Agent')
  const below = () => chat.of('tool_use').filter(({ parent_tool_use_id }) => parent_tool_use_id === call.tool_use_id)
  assert.equal(chat.of('tool_result').some(({ tool_use_id }) => tool_use_id === call.tool_use_id), false, 'it still works')
  await until('its Bash', () => below().some(({ name }) => name === 'Bash'))
  assert.deepEqual(below().map(({ name }) => name), ['Read', 'Bash'])
  assert.equal(chat.of('task_started')[0].tool_use_id, call.tool_use_id)
  await chat.answer(request, { behavior: 'allow' })
  await chat.nth('turn_finished')
  assert.ok(existsSync(join(rig.project, 'below.txt')))
  assert.equal(chat.of('task_finished')[0].status, 'completed')
})

scenario('a command the CLI refuses is told, and the session goes on', {}, async (rig) => {
  const chat = await Chat.start(rig.server)
  await chat.turn('Hello')
  await assert.rejects(chat.command({ type: 'set', permission_mode: 'bypassPermissions' }))
  await chat.turn('Still there?')
  assert.ok(chat.said.at(-1).includes('Still there?'))
})
