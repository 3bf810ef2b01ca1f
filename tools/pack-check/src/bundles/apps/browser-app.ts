// A user's page that is bundled: the bundled model from the page's own server.
import { loadPredictor } from '@kic/predictor'
import { env, InferenceSession, Tensor } from 'onnxruntime-web'

const main = async (): Promise<string | undefined> => {
  env.wasm.wasmPaths = new URL('/ort/', document.baseURI).href
  env.wasm.numThreads = 1
  const predictor = await loadPredictor('/model/', { runtime: { InferenceSession, Tensor } })
  const answer = await predictor.predict('카센터에서 자동차부분정비 타이어오일교환')
  await predictor.dispose()
  return answer.status === 'unusable' ? answer.reason : answer.codes.group?.code
}

main().then(
  (code) => document.body.setAttribute('data-answer', String(code)),
  (error: unknown) => document.body.setAttribute('data-answer', String(error)),
)
