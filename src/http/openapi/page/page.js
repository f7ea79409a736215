// Shows the document. Part of the page at /openapi; swagger-ui-bundle.js is loaded before it.
globalThis.SwaggerUIBundle({
  url: 'openapi/json',
  dom_id: '#api',
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  docExpansion: 'list',
  tryItOutEnabled: true,
  // No third party learns of the document.
  validatorUrl: null,
});
