// Package wire encodes plain values, and decodes them from bytes that cannot be trusted.
//
// It is for two processes of the same program, so it needs no names and no versions: fields follow one another in the order of the type.
// The caller of Decode says how much memory the result may take: bytes that announce a billion elements are refused before any is made.
// Bytes that are of no value are an error, never a panic.
package wire

import (
	"encoding"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
)

// Codec encodes and decodes. It is safe for concurrent use.
type Codec struct {
	Any []reflect.Type // what may stand where a type has an interface, in the same order at both ends
}

var (
	errBytes = errors.New("wire: the bytes are of no such value")
	errRoom  = errors.New("wire: the value takes more memory than it may")
)

// IsTooLarge reports whether the bytes were refused for the memory that their value would take.
func IsTooLarge(err error) bool { return errors.Is(err, errRoom) }

// Encode appends the value. A type with MarshalText is encoded as that, and must have UnmarshalText. Unexported fields are left out.
func (c Codec) Encode(to []byte, value any) ([]byte, error) {
	e := encoder{c, to}
	err := e.value(reflect.ValueOf(value))
	return e.to, err
}

type encoder struct {
	Codec
	to []byte
}

var textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()

func (e *encoder) value(v reflect.Value) error {
	if k := v.Kind(); k != reflect.Pointer && k != reflect.Interface && v.Type().Implements(textMarshaler) {
		text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
		e.bytes(string(text))
		return err
	}
	switch v.Kind() {
	case reflect.Bool:
		e.to = append(e.to, map[bool]byte{true: 1}[v.Bool()])
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.to = binary.AppendVarint(e.to, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		e.to = binary.AppendUvarint(e.to, v.Uint())
	case reflect.String:
		e.bytes(v.String())
	case reflect.Struct:
		return e.fields(v)
	case reflect.Pointer:
		return e.pointer(v)
	case reflect.Slice:
		return e.slice(v)
	case reflect.Map:
		return e.entries(v)
	case reflect.Interface:
		return e.any(v)
	default:
		return fmt.Errorf("wire: %s cannot be encoded", v.Type())
	}
	return nil
}

func (e *encoder) bytes(s string) {
	e.to = binary.AppendUvarint(e.to, uint64(len(s)))
	e.to = append(e.to, s...)
}

func (e *encoder) fields(v reflect.Value) error {
	for i := range v.NumField() {
		if !carried(v.Type().Field(i)) {
			continue
		}
		if err := e.value(v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

// carried reports whether a field is encoded: those of an embedded struct belong to the one around it, whatever its name.
func carried(f reflect.StructField) bool {
	return f.IsExported() || f.Anonymous && f.Type.Kind() == reflect.Struct
}

func (e *encoder) pointer(v reflect.Value) error {
	if v.IsNil() {
		e.to = append(e.to, 0)
		return nil
	}
	e.to = append(e.to, 1)
	if text, ok := v.Interface().(encoding.TextMarshaler); ok {
		b, err := text.MarshalText()
		e.bytes(string(b))
		return err
	}
	return e.value(v.Elem())
}

// slice writes one more than the length, so that nil is not an empty one.
func (e *encoder) slice(v reflect.Value) error {
	if v.IsNil() {
		e.to = append(e.to, 0)
		return nil
	}
	e.to = binary.AppendUvarint(e.to, uint64(v.Len())+1)
	if v.Type().Elem().Kind() == reflect.Uint8 {
		e.to = append(e.to, v.Bytes()...)
		return nil
	}
	for i := range v.Len() {
		if err := e.value(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) entries(v reflect.Value) error {
	if v.IsNil() {
		e.to = append(e.to, 0)
		return nil
	}
	e.to = binary.AppendUvarint(e.to, uint64(v.Len())+1)
	for key, value := range v.Seq2() {
		if err := e.value(key); err != nil {
			return err
		}
		if err := e.value(value); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) any(v reflect.Value) error {
	if v.IsNil() {
		e.to = append(e.to, 0)
		return nil
	}
	for i, t := range e.Any {
		if v.Elem().Type() == t {
			e.to = append(e.to, byte(i+1))
			return e.value(v.Elem())
		}
	}
	return fmt.Errorf("wire: %s is none of the types that may stand in an interface", v.Elem().Type())
}

// Decode reads what Encode made into the value, which is a pointer. What it makes takes no more than about room bytes.
func (c Codec) Decode(from []byte, value any, room int64) (err error) {
	d := decoder{c, from, room}
	if err := d.value(reflect.ValueOf(value).Elem()); err != nil {
		return err
	}
	if len(d.from) > 0 {
		return errBytes
	}
	return nil
}

type decoder struct {
	Codec
	from []byte
	room int64
}

var textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()

func (d *decoder) value(v reflect.Value) error {
	if k := v.Kind(); k != reflect.Pointer && k != reflect.Interface && reflect.PointerTo(v.Type()).Implements(textUnmarshaler) {
		return d.text(v)
	}
	switch v.Kind() {
	case reflect.Bool:
		b, err := d.uint(1)
		v.SetBool(b == 1)
		return err
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, size := binary.Varint(d.from)
		if size <= 0 || v.OverflowInt(n) {
			return errBytes
		}
		d.from = d.from[size:]
		v.SetInt(n)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, err := d.uint(math.MaxUint64)
		if err != nil || v.OverflowUint(n) {
			return errBytes
		}
		v.SetUint(n)
	case reflect.String:
		b, err := d.bytes()
		v.SetString(string(b))
		return err
	case reflect.Struct:
		return d.fields(v)
	case reflect.Pointer:
		return d.pointer(v)
	case reflect.Slice:
		return d.slice(v)
	case reflect.Map:
		return d.entries(v)
	case reflect.Interface:
		return d.any(v)
	default:
		return fmt.Errorf("wire: %s cannot be decoded", v.Type())
	}
	return nil
}

func (d *decoder) uint(most uint64) (uint64, error) {
	n, size := binary.Uvarint(d.from)
	if size <= 0 || n > most {
		return 0, errBytes
	}
	d.from = d.from[size:]
	return n, nil
}

func (d *decoder) take(bytes int64) error {
	if d.room -= bytes; d.room < 0 {
		return errRoom
	}
	return nil
}

// bytes are valid as long as those that are decoded.
func (d *decoder) bytes() ([]byte, error) {
	n, err := d.uint(uint64(len(d.from)))
	if err != nil || n > uint64(len(d.from)) {
		return nil, errBytes
	}
	b := d.from[:n]
	d.from = d.from[n:]
	return b, d.take(int64(n))
}

// text reads a type with a text of its own. It may refuse the text, and it takes about as much memory.
func (d *decoder) text(v reflect.Value) error {
	b, err := d.bytes()
	if err != nil {
		return err
	}
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText(b); err != nil {
		return errBytes
	}
	return nil
}

func (d *decoder) fields(v reflect.Value) error {
	for i := range v.NumField() {
		if !carried(v.Type().Field(i)) {
			continue
		}
		if err := d.value(v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) pointer(v reflect.Value) error {
	there, err := d.uint(1)
	if err != nil || there == 0 {
		return err
	}
	if err := d.take(int64(v.Type().Elem().Size())); err != nil {
		return err
	}
	v.Set(reflect.New(v.Type().Elem()))
	return d.value(v.Elem())
}

// length reads the length of a slice or map whose elements take so many bytes, and takes the room for them; −1 is nil.
func (d *decoder) length(size int64) (int, error) {
	n, err := d.uint(math.MaxInt32)
	if err != nil || n == 0 {
		return -1, err
	}
	return int(n - 1), d.take(int64(n-1) * max(size, 1))
}

func (d *decoder) slice(v reflect.Value) error {
	n, err := d.length(int64(v.Type().Elem().Size()))
	if err != nil || n < 0 {
		return err
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		if n > len(d.from) {
			return errBytes
		}
		v.SetBytes(append(make([]byte, 0, n), d.from[:n]...))
		d.from = d.from[n:]
		return nil
	}
	if n > len(d.from) {
		return errBytes // no element is less than a byte
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		if err := d.value(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) entries(v reflect.Value) error {
	key, value := v.Type().Key(), v.Type().Elem()
	n, err := d.length(int64(key.Size() + value.Size()))
	if err != nil || n < 0 {
		return err
	}
	v.Set(reflect.MakeMap(v.Type()))
	for range n {
		k, e := reflect.New(key).Elem(), reflect.New(value).Elem()
		if err := d.value(k); err != nil {
			return err
		}
		if err := d.value(e); err != nil {
			return err
		}
		v.SetMapIndex(k, e)
	}
	return nil
}

func (d *decoder) any(v reflect.Value) error {
	n, err := d.uint(uint64(len(d.Any)))
	if err != nil || n == 0 {
		return err
	}
	t := d.Any[n-1]
	if err := d.take(int64(t.Size())); err != nil {
		return err
	}
	e := reflect.New(t).Elem()
	if err := d.value(e); err != nil {
		return err
	}
	v.Set(e)
	return nil
}
