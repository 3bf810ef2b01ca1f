import { expect, it } from 'vitest'
import { manifestOf, readTree } from '../testing/read-tree.ts'
import { korean } from './korean.ts'

const known = {
  'packages/a/src/known.ts': 'it is about it',
  'packages/b/src/known/': 'all of it is about it',
}

const findings = async (files: Readonly<Record<string, string>>) =>
  korean(
    await readTree({
      'packages/a/package.json': manifestOf('a'),
      'packages/a/src/known.ts': "export const shop = '가게'\n",
      'packages/b/package.json': manifestOf('b'),
      'packages/b/src/known/ksic.ts': 'export const ksic = 1\n',
      ...files,
    }),
    known,
  )

const found = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  (await findings(files)).map(({ at }) => at)

it('finds names, strings and expressions', async () => {
  const files = {
    'packages/a/src/name.ts': 'export const isKsic = true\n',
    'packages/a/src/import.ts': "import '@kic/classification/ksic'\n",
    'packages/a/src/answers.ts': "import '@kic/korean-answers'\n",
    'packages/a/src/words.ts': "export const help = 'texts in Korean'\n",
    'packages/a/src/string.ts': "export const shop = '가게'\n",
    'packages/a/src/expression.ts': 'export const jamo = /[ㄱ-ㅎ]/\n',
    'packages/a/src/script.ts': 'export const script = /\\p{Script=Hangul}/u\n',
    'packages/a/src/template.ts': 'export const place = `가게에서`\n',
  }
  expect([...(await found(files))].sort()).toEqual(Object.keys(files).sort())
})

it('accepts comments, tests, examples, and the places that are for it', async () => {
  const files = {
    'packages/a/src/comment.ts': "/** '가게' of KSIC */\nexport const a = 1 // 가게\n",
    'packages/a/src/a.test.ts': "export const shop = '가게'\n",
    'packages/b/src/known/table.ts': "export const ksic = '농업'\n",
    'examples/a/src/main.ts': "console.log('가게')\n",
  }
  expect(await found(files)).toEqual([])
})

it('refuses what is beside such a place, and a place that no longer needs it', async () => {
  const files = {
    'packages/a/src/known.ts': 'export const shop = 1\n',
    'packages/a/src/known.ts.more.ts': "export const shop = '가게'\n",
  }
  expect((await findings(files)).map(({ at, message }) => `${at} ${message}`)).toEqual([
    "packages/a/src/known.ts.more.ts knows Korean, '가게'. Have callers pass what is needed.",
    'packages/a/src/known.ts knows no Korean, or is gone. Delete it from KOREAN in floors.ts.',
  ])
})
