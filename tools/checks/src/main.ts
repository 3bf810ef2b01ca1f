import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
const SOURCES = ['--conditions=@kic/source', '--import', 'tsx']

interface Check {
  readonly about: string
  /** Arguments of Node.js, from the root of the repository. */
  readonly run: readonly string[]
}

const program = (path: string, about: string): Check => ({ about, run: [...SOURCES, join(ROOT, path)] })

const CHECKS: Readonly<Record<string, Check>> = {
  structure: program(
    'tools/structure/src/main.ts',
    'the map of the repository: floors, entries, cycles, dependencies; --write updates the pages',
  ),
  docs: program('tools/docs-check/src/main.ts', 'the code of every page compiles and runs'),
  packages: {
    about: 'publint and attw on every built package',
    run: [join(ROOT, 'node_modules/nx/bin/nx.js'), 'run-many', '-t', 'check-package'],
  },
  install: program(
    'tools/pack-check/src/main.ts',
    'every built package, installed from its tarball, runs its README; --only NAME for one',
  ),
  start: program(
    'tools/pack-check/src/start/main.ts',
    'the first program of docs/start.md compiles and runs from tarballs, as ESM and CJS',
  ),
  serve: program(
    'tools/serve-check/src/main.ts',
    'kic serve from its container’s build script: random requests, SIGTERM under load, memory',
  ),
  bundles: program(
    'tools/pack-check/src/bundles/main.ts',
    'programs bundled by esbuild, Vite and webpack run in Node.js and in Chromium',
  ),
  runtimes: program(
    'tools/runtimes/src/main.ts',
    'an exported classifier in onnxruntime-node, transformers.js and Chromium',
  ),
  processors: program(
    'tools/processors/src/main.ts',
    'training and predictions on emulated processors without VNNI and without AVX',
  ),
  nodes: program('tools/nodes/src/main.ts', 'the tests on every supported release of Node.js'),
  page: program('examples/browser/check/main.ts', 'the example page, used in Chromium as a visitor would'),
  report: program('examples/competition/check/main.ts', "a run's report in Chromium"),
  recipe: {
    about: 'the commands of the recipe for a head, on a copy of the repository',
    run: ['--import', 'tsx', join(ROOT, 'tools/new-head/src/main.ts')],
  },
  webgpu: program(
    'tools/webgpu/src/main.ts',
    'training on the WebGPU engine: reference cases, random programs, and a run beside the compiled engine',
  ),
  torch: program('tools/parity/src/check-torch.ts', 'saved models in PyTorch and back'),
}

const [name = '', ...args] = process.argv.slice(2)
const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined
if (check === undefined) {
  const lines = Object.entries(CHECKS).map(
    ([known, { about }]) => `  npm run check -- ${known.padEnd(10)}  ${about}`,
  )
  const asked = name === '' || name === '--help'
  const message = [...(asked ? [] : [`There is no check '${name}'.`]), 'Checks:', ...lines].join('\n')
  ;(asked ? console.log : console.error)(message)
  process.exitCode = asked ? 0 : 2
} else {
  const child = spawn(process.execPath, [...check.run, ...args], { stdio: 'inherit', cwd: ROOT })
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
