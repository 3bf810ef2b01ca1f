import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom } from '@kic/core'
import { joinFields } from '@kic/data'
import { generateRows } from '@kic/korean-answers'
import { modelFolder } from '@kic/model-mini'
import { trainNgramModel } from '@kic/ngram'
import type { ExplainedText, Predictor } from '@kic/predictor'
import { loadPredictor, packEnsemble, saveNgramFolder } from '@kic/predictor/node'
import type { BenchFilter } from '../bench-filter.ts'
import { type BenchLine, benchLine } from '../bench-line.ts'
import { median } from '../median-time.ts'

const TRAINED = 10_000
const TEXTS = 300
/** Shorter texts have few triples, and random ones are often the strongest. */
const LEAST_CHARACTERS = 6
/** Rows in which the named characters must matter more than random ones. */
const WANTED = 0.9

const texts = (rows: number, seed: number) =>
  Array.from(generateRows({ rows, seed }), ({ group, ...fields }) => ({
    text: joinFields(fields),
    label: group,
  }))

/**
 * The deletion test of explanations (Samek et al. 2017, doi:10.1109/TNNLS.2016.2599820) for a network, an n-gram model and
 * the ensemble of both: removing the three characters that an explanation names must lower the confidence more than
 * removing three random ones.
 */
export async function* explainBench(wanted: BenchFilter): AsyncGenerator<BenchLine> {
  const folder = await mkdtemp(join(tmpdir(), 'kic-bench-explain-'))
  try {
    const ngram = join(folder, 'ngram')
    const ensemble = join(folder, 'ensemble')
    const network = await loadPredictor(modelFolder)
    const { classes, classification } = network.info
    await network.dispose()
    const model = trainNgramModel(texts(TRAINED, 1), { model: 'linear-svc', labels: classes })
    await saveNgramFolder(ngram, { model, notes: { classification, script: undefined } })
    await packEnsemble(ensemble, {
      members: [
        { name: 'network', folder: modelFolder },
        { name: 'ngram', folder: ngram },
      ],
    })
    for (const [kind, path] of [
      ['network', modelFolder],
      ['n-grams', ngram],
      ['ensemble', ensemble],
    ] as const) {
      if (!wanted('explain a text', kind)) continue
      const predictor = await loadPredictor(path)
      yield await deletionTest(predictor, kind)
      await predictor.dispose()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const deletionTest = async (predictor: Predictor, kind: string): Promise<BenchLine> => {
  const random = createRandom('deletion test', kind)
  const times: number[] = []
  let [rows, stronger] = [0, 0]
  let method = ''
  for (const { text } of texts(2 * TEXTS, 2)) {
    if (rows === TEXTS) break
    const started = performance.now()
    const found = await predictor.explain(text)
    const ms = performance.now() - started
    if (found.status === 'unusable') continue
    const visible = found.characters.flatMap(({ character }, i) => (/\S/.test(character) ? [i] : []))
    if (visible.length < LEAST_CHARACTERS) continue
    method = found.method
    times.push(ms)
    rows += 1
    const three = new Set(random.shuffle(visible).slice(0, 3))
    if (found.strongest.confidence < (await confidenceWithout(predictor, found, three))) stronger += 1
  }
  const share = stronger / rows
  return {
    ...benchLine('explain', 'explain a text', kind, median(times)),
    check: {
      found: `${method}: the named three matter more than three random characters in ${(100 * share).toFixed(1)} % of ${rows} texts`,
      passes: share >= WANTED,
    },
  }
}

/** The confidence in the first answer without some characters. */
const confidenceWithout = async (
  predictor: Predictor,
  { characters, first }: ExplainedText,
  places: ReadonlySet<number>,
): Promise<number> => {
  const rest = characters.flatMap(({ character }, i) => (places.has(i) ? [] : [character])).join('')
  const answer = await predictor.predict(rest, { topK: predictor.info.classes.length })
  if (answer.status === 'unusable') return 0
  return answer.top.find(({ code }) => code === first.code)?.confidence ?? 0
}
