import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Checks by name: what they do and where. */
const CHECKS: Readonly<Record<string, { readonly about: string; readonly main: string }>> = {
  structure: {
    about:
      'the map of the repository: floors, entries, cycles, dependencies; --write writes it into the pages',
    main: 'tools/structure/src/main.ts',
  },
  processors: {
    about: 'training and predictions on emulated processors without VNNI and without AVX',
    main: 'tools/processors/src/main.ts',
  },
  nodes: {
    about: 'the tests on every supported release of Node.js',
    main: 'tools/nodes/src/main.ts',
  },
}

const root = join(import.meta.dirname, '../../..')
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
  const command = ['--conditions=@kic/source', '--import', 'tsx', join(root, check.main), ...args]
  const child = spawn(process.execPath, command, { stdio: 'inherit', cwd: root })
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
