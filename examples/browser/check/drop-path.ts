import type { Locator } from 'playwright-core'

/** Drops a file or folder of the disk onto an element, as a visitor would from a file manager. */
export const dropPath = async (onto: Locator, path: string): Promise<void> => {
  await onto.scrollIntoViewIfNeeded()
  const box = await onto.boundingBox()
  if (box === null) throw new Error('the element is not visible')
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const page = onto.page()
  const session = await page.context().newCDPSession(page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: [path], dragOperationsMask: 1 }
    await session.send('Input.dispatchDragEvent', { type, ...at, data })
  }
  await session.detach()
}
