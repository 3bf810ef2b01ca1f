import { createRandom, isKicError } from '@kic/core'
import { Command, InvalidArgumentError } from 'commander'
import { checkAnswers, type Installation, installWithBuildScript, unprivileged } from './container.ts'
import { fuzz } from './fuzz.ts'
import { sigtermRound } from './sigterms.ts'
import { soak } from './soak.ts'
import { kicOfSources, type StartedServer, startKicServe } from './started-server.ts'

interface Options {
  readonly sources?: boolean
  readonly fuzz: number
  readonly sigterms: number
  readonly soak: number
  readonly seed: number
}

/** Runs a step, and prints its outcome with its time. */
const step = async (name: string, body: () => Promise<string>): Promise<void> => {
  const started = performance.now()
  const found = await body()
  console.log(`ok ${name}: ${found}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

const run = async ({ sources = false, ...options }: Options): Promise<void> => {
  let installation: Installation | undefined
  try {
    if (!sources)
      await step('container/build.sh', async () => {
        installation = await installWithBuildScript()
        return 'installed in a clean folder'
      })
    const command = installation?.command ?? kicOfSources()
    // Sources may be in a folder that other users cannot read.
    const user = sources ? {} : unprivileged()
    const start = (): Promise<StartedServer> => startKicServe(command, [], user)
    const served = async (use: (server: StartedServer) => Promise<string>): Promise<string> => {
      const server = await start()
      try {
        return await use(server)
      } finally {
        await server.stop()
      }
    }
    await step('first requests', () => served(({ url }) => checkAnswers(url)))
    if (options.fuzz > 0)
      await step('fuzz', () =>
        served(async ({ url }) => {
          const { statuses } = await fuzz(url, options.fuzz, options.seed)
          const counts = [...statuses]
            .sort(([a], [b]) => a - b)
            .map(([status, count]) => `${status} × ${count}`)
          return `${options.fuzz} requests, ${counts.join(', ')}`
        }),
      )
    if (options.sigterms > 0)
      await step('sigterms', async () => {
        let [answered, late, refused] = [0, 0, 0]
        for (let round = 0; round < options.sigterms; round++) {
          const found = await sigtermRound(start, createRandom(`${options.seed}/sigterm/${round}`))
          answered += found.answered
          late += found.late
          refused += found.refused
        }
        return `${options.sigterms} signals, ${answered} requests answered, ${late} of them after the signal, none lost, ${refused} new connections refused`
      })
    if (options.soak > 0)
      await step('soak', () =>
        served(async ({ url, process }) => {
          const { requests, quarters } = await soak(url, process.pid ?? 0, options.soak)
          return `${requests} requests in ${options.soak} minutes, ${quarters.join(', ')} MB in its quarters`
        }),
      )
  } finally {
    await installation?.remove()
  }
}

const count = (text: string): number => {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && Number.isFinite(value)))
    throw new InvalidArgumentError('It must be a number of at least 0.')
  return value
}

await new Command('npm run check -- serve')
  .description(
    'Installs kic with the build script of its container into a clean folder, and serves the bundled model from there as a ' +
      'user without rights: first requests, random requests, SIGTERM under load, and memory. Needs `npm run build` before.',
  )
  .option('--sources', 'serve from the sources of the repository, without build and installation')
  .option('--fuzz <n>', 'random requests', count, 4000)
  .option('--sigterms <n>', 'servers to end under load', count, 3)
  .option('--soak <minutes>', 'time of the load under which memory must stay flat', count, 0.2)
  .option('--seed <n>', 'seed of random requests and times', count, 1)
  .addHelpText(
    'after',
    '\nExamples:\n  npm run check -- serve\n  npm run check -- serve --sources --fuzz 100000 --sigterms 0 --soak 0' +
      '\n  npm run check -- serve --sigterms 20 --soak 10',
  )
  .action((options: Options) => run(options))
  .parseAsync()
  .catch((error: unknown) => {
    console.error(isKicError(error) ? `FAILED ${error.code}: ${error.message}` : error)
    process.exitCode = 1
  })
