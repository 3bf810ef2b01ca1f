// Compiles assembly/adamw.ts and writes the module, as base64, into src/optimizer/adamw-module.ts.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

const folder = join(import.meta.dirname, '..')

/** The text of src/optimizer/adamw-module.ts for the current assembly sources. */
export const adamwModule = async (): Promise<string> => {
  let binary: Uint8Array | undefined
  const { error, stderr } = await asc.main(
    [
      'assembly/adamw.ts',
      '--outFile',
      'adamw.wasm',
      '--baseDir',
      folder,
      '--enable',
      'simd',
      '--importMemory',
      '--runtime',
      'stub',
      '-O3',
      '--noAssert',
    ],
    {
      writeFile: (_name: string, contents: string | Uint8Array) => {
        if (typeof contents !== 'string') binary = contents
      },
    },
  )
  if (error || binary === undefined)
    throw new Error(`asc: ${error?.message ?? 'no output'}\n${stderr.toString()}`)
  const base64 = Buffer.from(binary).toString('base64')
  const lines = base64.match(/.{1,96}/g) ?? []
  return `// Made by \`npm run build:wasm -w @kic/engine\` from assembly/adamw.ts.\n\n/** The WebAssembly module of the optimizer, base64. */\nexport const ADAMW_MODULE =\n${lines.map((line) => `  '${line}'`).join(' +\n')}\n`
}

if (process.argv[1] === import.meta.filename) {
  await writeFile(join(folder, 'src/optimizer/adamw-module.ts'), await adamwModule())
}
