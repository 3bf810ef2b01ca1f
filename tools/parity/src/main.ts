import '@kic/tool-chromium/software-adapter'
import { isKicError, KicError } from '@kic/core'
import { type Engine, selectEngine } from '@kic/engine'
import { Command, Option } from 'commander'
import { parityCases } from './cases/index.ts'
import { formatReport } from './format-report.ts'
import { formatPlacedNodes, type PlacedNodes, TraceFolder } from './placed-nodes.ts'
import { caseName, coverageOf, findCases, type ParityResult, runCase } from './run-parity.ts'

interface Options {
  readonly case?: string | undefined
  readonly engine?: Engine['name'] | undefined
  readonly json?: boolean | undefined
}

/** Runs the cases; true if at least one is covered and none is off. */
const run = async (folder: string, options: Options): Promise<boolean> => {
  const names: readonly Engine['name'][] = options.engine ? [options.engine] : ['compiled', 'cpu']
  const engines: Engine[] = []
  const results: ParityResult[] = []
  const uncovered: string[] = []
  // Nothing may run on the CPU silently, so the nodes of this engine are counted.
  const traces = names.includes('webgpu') ? await TraceFolder.create() : undefined
  try {
    for (const name of names) {
      engines.push(await selectEngine(name, name === 'webgpu' ? { session: traces?.session } : {}))
    }
    for (const path of await findCases(folder)) {
      const name = await caseName(path)
      if (options.case !== undefined && !name.startsWith(options.case)) continue
      const parityCase = coverageOf(name, parityCases)
      if (parityCase === undefined) uncovered.push(name)
      else for (const engine of engines) results.push(await runCase(path, parityCase, engine))
    }
  } finally {
    for (const engine of engines) engine.dispose()
  }
  const placed = await traces?.read()
  await traces?.remove()
  if (options.json) {
    for (const result of results) console.log(JSON.stringify({ covered: true, ...result }))
    for (const name of uncovered) console.log(JSON.stringify({ covered: false, case: name }))
  } else {
    console.log(formatReport(results, uncovered))
    if (placed !== undefined) console.log(`\n${formatPlacedNodes(placed)}`)
  }
  if (results.length === 0) {
    throw new KicError(
      'parity/none-covered',
      `No case was run: ${options.case ?? folder} has none that is covered.`,
    )
  }
  return results.every(({ pass }) => pass) && (placed === undefined || onDeviceAlone(placed))
}

/** Whether some nodes ran on the device, and none on the CPU. */
const onDeviceAlone = (placed: PlacedNodes): boolean =>
  placed.has('WebGpuExecutionProvider') && !placed.has('CPUExecutionProvider')

const command = new Command('parity')
  .description('Compares this implementation with reference cases, tensor by tensor.')
  .argument('<folder>', 'folder of case folders, each with a case.json')
  .option('--case <name>', 'only cases whose name begins like this, for example 02')
  .addOption(
    new Option('--engine <name>', 'run on this engine alone (default: compiled and cpu)').choices([
      'compiled',
      'webgpu',
      'cpu',
      'wasm',
    ]),
  )
  .option('--json', 'print one JSON object a line')
  .action(async (folder: string, options: Options) => {
    process.exitCode = (await run(folder, options)) ? 0 : 1
  })

try {
  await command.parseAsync()
} catch (error) {
  if (!isKicError(error)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
