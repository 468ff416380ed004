package endpoint

import (
	"encoding"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3gen"

	"huizong/pkg/access"
	"huizong/pkg/problem"
)

// Document describes the endpoints that machines use, as OpenAPI 3: all but the pages. Types are described as encoding/json writes
// them; what writes itself as text is a string.
func Document(title, version string, endpoints []Endpoint) (*openapi3.T, error) {
	d := &describer{
		doc: &openapi3.T{
			OpenAPI: "3.0.3",
			Info: &openapi3.Info{Title: title, Version: version,
				Description: "Every route names the permission that it needs. A machine sends its token: `Authorization: Bearer hz_…`. Errors are problem documents (RFC 9457). Numbers are exact: amounts of money are in yuan."},
			Paths: openapi3.NewPaths(),
			Components: &openapi3.Components{
				Schemas:         openapi3.Schemas{},
				SecuritySchemes: openapi3.SecuritySchemes{"token": {Value: openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer")}},
			},
		},
	}
	for _, e := range endpoints {
		if e.Page {
			continue
		}
		if err := d.add(e); err != nil {
			return nil, fmt.Errorf("describe %s: %w", e.pattern(), err)
		}
	}
	return resolved(d.doc)
}

// resolved reads the document as its readers will, which finds what its references mean.
func resolved(doc *openapi3.T) (*openapi3.T, error) {
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(data)
}

type describer struct {
	doc *openapi3.T
}

// typeName is the name of a type in the document: packages meet there, and no two of ours give one name to two types.
func typeName(t reflect.Type) string {
	name := t.Name()
	if name == "" || writesItself(t) { // is described where it stands
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

var (
	textType = reflect.TypeFor[encoding.TextMarshaler]()
	jsonType = reflect.TypeFor[json.Marshaler]()
	timeType = reflect.TypeFor[time.Time]()

	numberType = reflect.TypeFor[json.Number]()
)

func implements(t, writer reflect.Type) bool {
	return t.Implements(writer) || reflect.PointerTo(t).Implements(writer)
}

func writesItself(t reflect.Type) bool { return implements(t, textType) || implements(t, jsonType) }

// asWritten corrects the description of a type that writes itself.
func asWritten(_ string, t reflect.Type, _ reflect.StructTag, schema *openapi3.Schema) error {
	nullable := schema.Nullable
	switch {
	case t == timeType:
	case t == numberType:
		*schema = *openapi3.NewFloat64Schema()
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Pointer: // a reference has no room to say that it may be null
		schema.Items = openapi3.NewSchemaRef("", &openapi3.Schema{Nullable: true, AllOf: openapi3.SchemaRefs{schema.Items}})
	case implements(t, textType):
		*schema = *openapi3.NewStringSchema()
	case implements(t, jsonType):
		*schema = openapi3.Schema{}
	}
	schema.Nullable = schema.Nullable || nullable
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		schema.Nullable = true
	}
	return nil
}

func (d *describer) add(e Endpoint) error {
	operation := openapi3.NewOperation()
	operation.Summary, operation.Tags = e.Summary, []string{e.Tag}
	operation.OperationID = operationID(e)
	if e.Needs == access.Anyone {
		operation.Security = openapi3.NewSecurityRequirements()
	} else {
		operation.Description = "Needs the permission `" + string(e.Needs) + "`."
		operation.Security = openapi3.NewSecurityRequirements().With(openapi3.NewSecurityRequirement().Authenticate("token"))
	}
	for _, name := range e.variables() {
		operation.AddParameter(openapi3.NewPathParameter(name).WithSchema(openapi3.NewStringSchema()))
	}
	for _, q := range e.Query {
		operation.AddParameter(parameter(q))
	}
	if err := d.body(operation, e); err != nil {
		return err
	}
	if err := d.answers(operation, e); err != nil {
		return err
	}
	path := wildcard.ReplaceAllString(strings.TrimSuffix(e.Path, "{$}"), "{$1}")
	item := d.doc.Paths.Value(path)
	if item == nil {
		item = &openapi3.PathItem{}
		d.doc.Paths.Set(path, item)
	}
	item.SetOperation(e.Method, operation)
	return nil
}

// operationID names the operation for those who generate a client: getApiV1SubmissionsId.
func operationID(e Endpoint) string {
	words := strings.FieldsFunc(e.Path, func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9') })
	id := strings.ToLower(e.Method)
	for _, w := range words {
		id += strings.ToUpper(w[:1]) + w[1:]
	}
	return id
}

func parameter(q Parameter) *openapi3.Parameter {
	p := openapi3.NewQueryParameter(q.Name).WithDescription(q.About).WithRequired(q.Required).WithSchema(openapi3.NewStringSchema())
	if q.Example != "" {
		p.Example = q.Example
	}
	return p
}

func (d *describer) body(operation *openapi3.Operation, e Endpoint) error {
	var content openapi3.Content
	switch body := e.Body.(type) {
	case nil:
		return nil
	case Multipart:
		content = openapi3.NewContentWithFormDataSchema(formSchema(body))
	default:
		schema, err := d.schema(body)
		if err != nil {
			return err
		}
		content = openapi3.NewContentWithJSONSchemaRef(schema)
	}
	operation.RequestBody = &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(true).WithContent(content)}
	return nil
}

func formSchema(parts Multipart) *openapi3.Schema {
	form := openapi3.NewObjectSchema()
	for _, part := range parts {
		schema := openapi3.NewStringSchema()
		if part.Name == "file" {
			schema = schema.WithFormat("binary")
		}
		schema.Description = part.About
		form.WithProperty(part.Name, schema)
		if part.Required {
			form.Required = append(form.Required, part.Name)
		}
	}
	return form
}

func (d *describer) answers(operation *openapi3.Operation, e Endpoint) error {
	status := e.Status
	if status == 0 {
		status = http.StatusOK
	}
	response := openapi3.NewResponse().WithDescription(http.StatusText(status))
	response.Content = openapi3.Content{}
	if e.Answer != nil {
		schema, err := d.schema(e.Answer)
		if err != nil {
			return err
		}
		response.Content["application/json"] = openapi3.NewMediaType().WithSchemaRef(schema)
	}
	for _, media := range e.Media {
		if response.Content[media] == nil {
			response.Content[media] = openapi3.NewMediaType().WithSchema(openapi3.NewStringSchema().WithFormat("binary"))
		}
	}
	operation.AddResponse(status, response)
	trouble, err := d.schema(problem.Problem{})
	if err != nil {
		return err
	}
	operation.Responses.Set("default", &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription("a problem").
		WithContent(openapi3.Content{"application/problem+json": openapi3.NewMediaType().WithSchemaRef(trouble)})})
	return nil
}

func (d *describer) schema(value any) (*openapi3.SchemaRef, error) {
	if columns, ok := value.(Table); ok {
		return rowsSchema(columns), nil
	}
	return openapi3gen.NewSchemaRefForValue(value, d.doc.Components.Schemas,
		openapi3gen.SchemaCustomizer(asWritten),
		openapi3gen.CreateComponentSchemas(openapi3gen.ExportComponentSchemasOptions{ExportComponentSchemas: true, ExportTopLevelSchema: true}),
		openapi3gen.CreateTypeNameGenerator(typeName))
}

// rowsSchema is a list of objects that have just the columns.
func rowsSchema(columns Table) *openapi3.SchemaRef {
	row := openapi3.NewObjectSchema().WithoutAdditionalProperties()
	for _, name := range columns {
		row.WithProperty(name, &openapi3.Schema{Nullable: true})
	}
	return openapi3.NewSchemaRef("", openapi3.NewArraySchema().WithItems(row))
}
