package biff

import (
	"math"
	"strconv"
)

// appendFloat writes the shortest decimal text that is the number, as Excel's own files in XML have it. False means that it
// is no number.
func appendFloat(dst []byte, v float64) ([]byte, bool) {
	const exact = 1 << 53
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return dst, false
	case v == math.Trunc(v) && math.Abs(v) < exact:
		return strconv.AppendInt(dst, int64(v), 10), true
	case math.Abs(v) >= 1e21 || math.Abs(v) < 1e-9:
		return strconv.AppendFloat(dst, v, 'E', -1, 64), true
	}
	return strconv.AppendFloat(dst, v, 'f', -1, 64), true
}

// appendRK writes the packed number of RK and MULRK: an integer of thirty bits or the upper half of a float, either of them
// perhaps in hundredths. Integers in hundredths are written exactly.
func appendRK(dst []byte, rk uint32) ([]byte, bool) {
	hundredths, integer := rk&1 != 0, rk&2 != 0
	if integer {
		n := int64(int32(rk) >> 2)
		if !hundredths {
			return strconv.AppendInt(dst, n, 10), true
		}
		return appendHundredths(dst, n), true
	}
	v := math.Float64frombits(uint64(rk&^3) << 32)
	if hundredths {
		v /= 100
	}
	return appendFloat(dst, v)
}

func appendHundredths(dst []byte, n int64) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	dst = strconv.AppendInt(dst, n/100, 10)
	if n %= 100; n == 0 {
		return dst
	}
	dst = append(dst, '.', byte('0'+n/10))
	if n%10 != 0 {
		dst = append(dst, byte('0'+n%10))
	}
	return dst
}
