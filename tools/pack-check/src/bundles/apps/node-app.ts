// A user's program that is bundled: the bundled model on the calling thread and in threads of its own.
import { modelFolder } from '@kic/model-mini'
import { loadPredictor, threadRuntime } from '@kic/predictor/node'

const main = async (): Promise<void> => {
  for (const runtime of [undefined, threadRuntime(2)]) {
    const predictor = await loadPredictor(modelFolder, { runtime })
    const answer = await predictor.predict('카센터에서 자동차부분정비 타이어오일교환')
    console.log(answer.status === 'unusable' ? answer.reason : answer.codes.group?.code)
    await predictor.dispose()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
