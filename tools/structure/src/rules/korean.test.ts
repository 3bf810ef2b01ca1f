import { expect, it } from 'vitest'
import { manifestOf, readTree } from '../testing/read-tree.ts'
import { korean } from './korean.ts'

const found = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  korean(await readTree({ 'packages/a/package.json': manifestOf('a'), ...files })).map(({ at }) => at)

it('finds names, strings and expressions', async () => {
  const files = {
    'packages/a/src/name.ts': 'export const isKsic = true\n',
    'packages/a/src/import.ts': "import '@kic/classification/ksic'\n",
    'packages/a/src/string.ts': "export const shop = '가게'\n",
    'packages/a/src/expression.ts': 'export const jamo = /[ㄱ-ㅎ]/\n',
    'packages/a/src/script.ts': 'export const script = /\\p{Script=Hangul}/u\n',
    'packages/a/src/template.ts': 'export const place = `가게에서`\n',
  }
  expect([...(await found(files))].sort()).toEqual(Object.keys(files).sort())
})

it('accepts comments, tests, and the packages that are for it', async () => {
  const files = {
    'packages/a/src/comment.ts': "/** '가게' of KSIC */\nexport const a = 1 // 가게\n",
    'packages/a/src/a.test.ts': "export const shop = '가게'\n",
    'packages/korean-answers/src/index.ts': "export const shop = '가게'\n",
    'packages/classification/src/ksic/table.ts': "export const ksic = '농업'\n",
    'packages/classification/src/ksic.ts': 'export const ksic = 1\n',
    'packages/cli/src/commands/ksic.ts': 'export const addKsic = 1\n',
    'examples/a/src/main.ts': "console.log('가게')\n",
  }
  expect(await found(files)).toEqual([])
})
