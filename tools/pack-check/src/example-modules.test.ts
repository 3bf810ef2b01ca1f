import { describe, expect, it } from 'vitest'
import { toCommonJs, toEsModule } from './example-modules.ts'

const example = `import { join as joined, type ParsedPath, sep } from 'node:path'
import {
  basename,
  dirname,
} from 'node:path'
import * as os from 'node:os'
import type { Stats } from 'node:fs'

const parts: readonly string[] = ['a', 'b'] as const
const path: string = await Promise.resolve(joined(...parts))
result.push(path, sep, basename(path), dirname(path), typeof os.tmpdir)
`

/** Runs CommonJS code with a `require` of Node's own modules, and returns what it pushes. */
const runCommonJs = async (code: string): Promise<unknown[]> => {
  const result: unknown[] = []
  const modules = { 'node:path': await import('node:path'), 'node:os': await import('node:os') }
  const require = (name: keyof typeof modules): unknown => modules[name]
  await new Function('require', 'result', code.replace(/\nmain\(\)\n$/, '\nreturn main()'))(require, result)
  return result
}

describe('toEsModule', () => {
  it('drops types and imports of types, and keeps the rest', () => {
    const code = toEsModule(example)
    expect(code).toContain("import { join as joined, sep } from 'node:path'")
    expect(code).toContain("import * as os from 'node:os'")
    expect(code).not.toMatch(/node:fs|readonly|: string/)
  })
})

describe('toCommonJs', () => {
  it('runs like the ES module, including top-level await', async () => {
    const code = toCommonJs(toEsModule(example))
    expect(code).not.toMatch(/^import/m)
    expect(await runCommonJs(code)).toEqual(['a/b', '/', 'b', 'a', 'function'])
  })

  it('refuses default imports, which the two systems read differently', () => {
    expect(() => toCommonJs("import path from 'node:path'\n")).toThrow(/received "import path"/)
  })
})
