// The API reference: Swagger UI on the element that names the document: <div id="reference" data-document="/api/v1/openapi.json">.
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'

const element = document.getElementById('reference')
SwaggerUI({
  domNode: element,
  url: element.dataset.document,
  validatorUrl: null, // the validator is elsewhere; no request leaves the machine
  deepLinking: false, // its links lie within buttons, where a keyboard does not reach them
  defaultModelsExpandDepth: 0,
  docExpansion: 'list',
  presets: [SwaggerUI.presets.apis],
  layout: 'BaseLayout',
})
