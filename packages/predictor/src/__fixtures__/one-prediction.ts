import { loadPredictor, threadRuntime } from '../node.ts'

/** Predicts one text with the model of a folder, in a thread of its own if a second argument says so. */
const [, , folder = '', inThread] = process.argv
const predictor = await loadPredictor(folder, inThread === undefined ? {} : { runtime: threadRuntime(1) })
await predictor.predict('쌀')
await predictor.dispose()
