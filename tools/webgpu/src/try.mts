import './software-adapter.ts'
import { mkdtempSync } from 'node:fs'
import { compareRuns } from './compare-runs.ts'
const t=performance.now()
console.log(await compareRuns(mkdtempSync('/tmp/wg/runs-'), Number(process.argv[2]), (c)=>console.log(((performance.now()-t)/1000).toFixed(1), c)))
