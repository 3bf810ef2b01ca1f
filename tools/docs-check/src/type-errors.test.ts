import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { typeErrors } from './type-errors.ts'

it('finds the errors of a strict project, with the line of the page', {
  timeout: 60_000,
}, async () => {
  const cache = join(import.meta.dirname, '../../../node_modules/.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'kic-types-'))
  const programs = {
    good: "import { KicError } from '@kic/core'\nconsole.log(new KicError('a/b', 'c').code)\n",
    untyped: '\n\nconst f = (x) => x\nconsole.log(f(1))\n',
    unchecked: 'const xs: number[] = []\nconsole.log(xs[0].toFixed())\n',
    missing: "import { nothing } from '@kic/core'\nconsole.log(nothing)\n",
  }
  try {
    const path = (name: string) => join(folder, `${name}.mts`)
    for (const [name, text] of Object.entries(programs)) await writeFile(path(name), text)
    const errors = typeErrors(Object.keys(programs).map(path))
    expect(errors.get(path('good'))).toEqual([])
    expect(errors.get(path('untyped'))).toEqual([expect.stringMatching(/^3: Parameter 'x' implicitly/)])
    expect(errors.get(path('unchecked'))).toEqual([
      expect.stringMatching(/^2: Object is possibly 'undefined'/),
    ])
    expect(errors.get(path('missing'))).toEqual([expect.stringMatching(/^1: .*no exported member 'nothing'/)])
  } finally {
    await rm(folder, { recursive: true })
  }
})
