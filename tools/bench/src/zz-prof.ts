import { selectEngine } from '@kic/engine'
import { benchBatch, benchClassifier, benchTrainStep } from '/work/main/tools/bench/src/classifier.ts'
import fs from 'node:fs'
const shape = { hidden: +process.argv[2], layers: +process.argv[3], vocabulary: +process.argv[4], batch: 32, length: 24 }
const engine = await selectEngine('compiled', { session: { enableProfiling: !!process.argv[5], profileFilePrefix: '/tmp/ortprof', ...(JSON.parse(process.argv[6]??'{}')) } })
const { step } = benchTrainStep(engine, benchClassifier(shape))
const batch = benchBatch(shape)
const ts=[]
for (let i=0;i<12;i++){const t=performance.now(); await step([batch],{learningRate:1e-5}); ts.push(performance.now()-t)}
console.log(ts.map(t=>t.toFixed(0)).join(' '), 'rss', (process.memoryUsage().rss/1e6).toFixed(0))
const C:any = globalThis as any
if (process.argv[5]) { const p=(engine as any); for (const d of p.disposables) for (const e of d.entries.values()) { const prog=await e; prog.session.handler?.endProfiling?.() ?? prog.session.endProfiling() } }
