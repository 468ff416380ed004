// The explorer and the page of data: copies the address of a view, or a query. Everything else works without a script.
document.querySelectorAll('[data-copy-link]').forEach((button) => {
  const name = button.textContent
  button.hidden = false
  button.addEventListener('click', async () => {
    const address = new URL(location.href)
    address.searchParams.delete('lang')
    await copy(address.href)
    button.textContent = button.dataset.done
    setTimeout(() => { button.textContent = name }, 2000)
  })
})

// Copies the text that stands before the button.
document.querySelectorAll('[data-copy-before]').forEach((button) => {
  const name = button.textContent
  button.hidden = false
  button.addEventListener('click', async () => {
    await copy(button.previousElementSibling.textContent)
    button.textContent = button.dataset.done
    setTimeout(() => { button.textContent = name }, 2000)
  })
})

// An office server without TLS is no secure context: there a browser has no clipboard but the old command.
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'visually-hidden'
  document.body.appendChild(field)
  field.select()
  document.execCommand('copy')
  field.remove()
}

// The numbers of a chart stand open until it is drawn, and again on paper.
document.querySelectorAll('figure[data-chart]').forEach((figure) => {
  const numbers = figure.querySelector('details.numbers')
  if (!numbers) return
  const fold = () => { numbers.open = figure.dataset.state !== 'drawn' }
  new MutationObserver(fold).observe(figure, { attributes: true, attributeFilter: ['data-state'] })
  fold()
  addEventListener('beforeprint', () => { numbers.open = true })
  addEventListener('afterprint', fold)
})

// A menu closes when something else is clicked, and on Escape.
const menus = document.querySelectorAll('details.menu')
addEventListener('click', (event) => {
  menus.forEach((menu) => { if (!menu.contains(event.target)) menu.open = false })
})
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  menus.forEach((menu) => {
    if (!menu.open) return
    menu.open = false
    menu.querySelector('summary').focus()
  })
})
