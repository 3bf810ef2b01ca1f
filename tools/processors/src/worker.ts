import { readFile, writeFile } from 'node:fs/promises'
import { selectEngine } from '@kic/engine'
import { loadPredictor } from '@kic/predictor/node'
import type { Job, JobResult } from './job.ts'
import { saturates } from './saturates.ts'
import { trainSteps } from './train-steps.ts'

// node worker.mjs JOB RESULT: runs a job on the present processor.
const [, , jobPath = '', resultPath = ''] = process.argv
const job: Job = JSON.parse(await readFile(jobPath, 'utf8'))
const scores: number[][] = []
for (const { folder, precision } of job.models) {
  const predictor = await loadPredictor(folder, { precision })
  scores.push([...(await predictor.scores(job.texts)).logits])
  await predictor.dispose()
}
const engine = await selectEngine('compiled')
const { losses } = await trainSteps(engine, job.training, job.batchSize)
engine.dispose()
const result: JobResult = { scores, losses, saturates: await saturates() }
await writeFile(resultPath, JSON.stringify(result))
