import { flatClassification } from '@kic/classification'
import { ksic10 } from '@kic/classification/ksic'
import { expect, it } from 'vitest'
import { answeredLabels } from './answered-labels.ts'
import { recogniseLayout } from './read-row-blocks.ts'

const start = 'id,line,status,reason'
const layoutOf = (header: string, columns?: Readonly<Record<string, string>>) =>
  recogniseLayout(Buffer.from(`${header}\n1,2,coded,,sport,sport,0.9,goal,politics\n`), {
    classification: header.includes('group') ? ksic10 : flatClassification(['sport', 'politics']),
    columns,
  })

it('finds the labels that kic predict wrote, not those that it passed on', async () => {
  const own = `${start},label,label_name,label_confidence,text,label (input)`
  expect(answeredLabels(await layoutOf(own))).toEqual(['label'])
  expect(answeredLabels(await layoutOf(own, { text: 'text', label: 'label (input)' }))).toEqual([])
  const levels = `${start},division,division_confidence,Group,group_confidence,text`
  expect(answeredLabels(await layoutOf(levels))).toEqual(['division', 'group'])
})

it('finds none in files of others', async () => {
  expect(answeredLabels(await layoutOf('id,label,label_confidence,text'))).toEqual([])
  expect(answeredLabels(await layoutOf(`${start},label,text`))).toEqual([])
})
