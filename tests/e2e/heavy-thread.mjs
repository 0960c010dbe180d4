// What holds a page's main thread, as the browser itself records it. `wall` is what a person waits. `cpu` is what the
// processor worked on it: a machine on which much else runs stretches the one and not the other.

const CATEGORIES = ['disabled-by-default-devtools.timeline', 'blink.user_timing']

/** Starts to record. `stop()` gives all tasks in milliseconds of the page's own clock: `{ end, wall, cpu }`. */
export async function watchThread(page) {
  const cdp = await page.context().newCDPSession(page)
  const events = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...value))
  const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve))
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { recordMode: 'recordAsMuchAsPossible', includedCategories: CATEGORIES, excludedCategories: ['*'] } })
  return {
    async stop() {
      // Tells which thread is the page's, and where its clock stands.
      await page.evaluate(() => performance.mark('clock'))
      await cdp.send('Tracing.end')
      await complete
      await cdp.detach()
      const mark = events.findLast(({ name }) => name === 'clock')
      const zero = mark.ts / 1_000 - mark.args.data.startTime
      const tasks = events
        .filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && pid === mark.pid && tid === mark.tid)
        .map(({ ts, dur, tdur }) => ({ end: (ts + dur) / 1_000 - zero, wall: dur / 1_000, cpu: tdur / 1_000 }))
      if (!(tasks.length > 0) || tasks.some(({ cpu }) => !Number.isFinite(cpu))) throw new Error('the browser does not tell how long its tasks take')
      return tasks
    },
  }
}

/** The longest tasks that ended between `since` and `until`. */
export function longest(tasks, { since, until = Infinity }) {
  const within = tasks.filter(({ end }) => end > since && end <= until)
  const most = (key) => Math.round(Math.max(0, ...within.map((task) => task[key])))
  return { wall: most('wall'), cpu: most('cpu') }
}
