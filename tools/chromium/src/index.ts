export { axeViolations } from './axe-violations.ts'
export { type Chromium, type ChromiumOptions, openChromium, withChromium } from './open-chromium.ts'
export { overflow } from './overflow.ts'
export { watchPage } from './watch-page.ts'
