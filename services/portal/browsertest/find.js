// Runs in the page: finds what a target names, and waits for it.
const trimmed = (text) => (text || '').replace(/\s+/g, ' ').trim()
const isSelector = (target) => /^(css=|[#.[])/.test(target)
const selected = (target) => [...document.querySelectorAll(target.replace(/^css=/, ''))]
const visible = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible'
const nameOf = (e) => trimmed(e.getAttribute('aria-label') || e.innerText || e.value || e.title)
const shortest = (found, textOf) => found.sort((a, b) => textOf(a).length - textOf(b).length)[0]

// pressable is the thing to click that a person reads the text on.
function pressable(text) {
  const all = 'a[href],button,summary,label,select,input[type=submit],input[type=button],input[type=reset],[role=button],[role=link],[role=tab],[role=menuitem],[role=option]'
  const among = (elements) => shortest(elements.filter((e) => visible(e) && nameOf(e).includes(text)), nameOf)
  return among(selected(all)) || among(selected('body *'))
}

// field is the control that a label with the text belongs to, hidden ones too: a file is given to a field behind a drop zone.
function field(text) {
  const controls = selected('input:not([type=hidden]),select,textarea')
  const labelOf = (e) => trimmed(e.getAttribute('aria-label') || [...(e.labels || [])].map((l) => l.innerText || l.textContent).join(' '))
  return shortest(controls.filter((e) => labelOf(e).includes(text)), labelOf)
}

const found = (target, byText) => (isSelector(target) ? selected(target).find(visible) || selected(target)[0] : byText(target))

// until resolves with what look returns, once that is something. It looks again when anything happens in the page.
function until(look) {
  return new Promise((resolve, reject) => {
    const events = ['load', 'DOMContentLoaded', 'input', 'change', 'toggle', 'focusin', 'transitionend', 'animationend', 'resize', 'scrollend']
    const observer = new MutationObserver(again)
    function again() {
      let result
      try {
        result = look()
      } catch (error) {
        return done(reject, error)
      }
      if (result !== undefined && result !== null && result !== false) done(resolve, result)
    }
    function done(settle, with_) {
      observer.disconnect()
      for (const e of events) removeEventListener(e, again, true)
      settle(with_)
    }
    for (const e of events) addEventListener(e, again, true)
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    again()
  })
}

// place is where to click a target, once it can be: it is shown, not disabled, and nothing lies over it.
const place = (target) => until(() => {
  const e = found(target, pressable)
  if (!e || !visible(e) || e.disabled) return null
  e.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
  const box = e.getClientRects()[0]
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
  const top = document.elementFromPoint(x, y)
  return top && (e.contains(top) || top.contains(e)) ? { x, y } : null
})

const control = (target) => until(() => found(target, field))

// ready focuses a field and selects what is in it.
const ready = (target) => until(() => {
  const e = found(target, field)
  if (!e || !visible(e) || e.disabled || e.readOnly) return null
  e.focus()
  if (e.select) e.select()
  return /^(date|month|week|time|datetime-local|color|range)$/.test(e.type) ? 'set' : 'type'
})

function changed(e) {
  e.dispatchEvent(new Event('input', { bubbles: true }))
  e.dispatchEvent(new Event('change', { bubbles: true }))
  return true
}

const set = async (target, value) => {
  const e = await control(target)
  e.value = value
  return changed(e)
}

const choose = async (target, text) => {
  const option = await until(() => {
    const e = found(target, field)
    return e && [...e.options].find((o) => trimmed(o.label) === text || o.value === text)
  })
  const e = option.closest('select')
  e.value = option.value
  return changed(e)
}

// shown: the page has the text, or a visible element of the selector.
const shown = (target) => (isSelector(target) ? selected(target).some(visible) : trimmed(document.body && document.body.innerText).includes(trimmed(target)))
const appears = (target) => until(() => shown(target))
const vanishes = (target) => until(() => document.body && !shown(target))
const textsOf = (selector) => selected(selector).map((e) => trimmed(e.innerText))
const textOf = (selector) => until(() => (selected(selector).length > 0 ? textsOf(selector)[0] : null))
