import { describeReport, loadRows } from '@kic/data/node'

const r = await loadRows('/tmp/office.xlsx', {
  others: 'keep',
  rejects: 'collect',
  columns: { id: '번호', text: '사업내용', group: '소분류' },
})
console.log(describeReport(r.report), JSON.stringify(r.rows, null, 1), JSON.stringify(r.rejects, null, 1))
await loadRows('/tmp/office.xlsx', { sheet: 'x' }).catch((e) => console.log(String(e)))
await loadRows('/tmp/office.xlsx', { sheet: '둘째' }).catch((e) => console.log(String(e)))
