import { join } from 'node:path'
import { documentedPages, runProgram, writePrograms } from './documented-programs.ts'
import { typeErrors } from './type-errors.ts'

// npm run check -- docs [part of a path …]: compiles and runs the TypeScript of every page of Markdown.

const root = join(import.meta.dirname, '../../..')
const wanted = process.argv.slice(2)
const pages = documentedPages(root).filter(
  ({ path, program }) =>
    program !== '' && (wanted.length === 0 || wanted.some((part) => path.includes(part))),
)
const written = await writePrograms(root, pages)
let failed = 0
try {
  const errors = typeErrors(pages.map(({ path }) => written.fileOf(path)))
  for (const { path } of pages) {
    const faults = (errors.get(written.fileOf(path)) ?? []).map((error) => `${path}:${error}`)
    const start = performance.now()
    try {
      if ((await runProgram(written.fileOf(path))) === '') faults.push(`${path} prints nothing`)
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error))
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${path}, ${seconds} s`)
    for (const fault of faults) console.log(`       ${fault}`)
    if (faults.length > 0) failed++
  }
} finally {
  await written.dispose()
}
console.log(`${pages.length - failed} of ${pages.length} pages compile and run`)
if (pages.length === 0 || failed > 0) process.exitCode = 1
