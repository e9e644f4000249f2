package main

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
)

type rule struct {
	Path, Type       string
	Minimum, Maximum *float64
	Enum             []any
}

type binding struct {
	snapshot *Snapshot
	unbound  []string
}

var (
	reference = regexp.MustCompile(`^\$\{([^{}]*)\}$`)
	variable  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	plain     = regexp.MustCompile(`^[A-Za-z0-9_@$-]+$`)
	forms     = map[string]*regexp.Regexp{
		"string":  regexp.MustCompile(``),
		"boolean": regexp.MustCompile(`^(true|false)$`),
		"integer": regexp.MustCompile(`^[+-]?[0-9]{1,16}$`),
		"number":  regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`),
	}
)

func child(path, key string) string { // as deskc writes setting paths
	if plain.MatchString(key) {
		return strings.TrimPrefix(path+"."+key, ".")
	}
	quoted := strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(key)
	return path + `["` + quoted + `"]`
}

func (b *binding) held(value any, path string, float bool) any {
	float = float || b.snapshot.floats[path]
	switch value := value.(type) {
	case map[string]any:
		for key := range value {
			value[key] = b.held(value[key], child(path, key), float)
		}
	case []any:
		for index := range value {
			value[index] = b.held(value[index], path+"["+strconv.Itoa(index)+"]", float)
		}
	case json.Number:
		if whole, err := value.Int64(); err == nil && !float {
			return whole
		}
		number, _ := value.Float64()
		return number
	case string:
		if rule, late := b.snapshot.late[path]; late {
			return b.bound(value, rule)
		}
	}
	return value
}

func (b *binding) bound(text string, rule rule) any {
	match := reference.FindStringSubmatch(text)
	if match == nil {
		return strings.ReplaceAll(text, "$${", "${")
	}
	var found string
	var known bool
	if path := strings.TrimPrefix(match[1], "secret:"); path != match[1] && path != "" {
		found, known = b.snapshot.Secrets[path]
	} else if name, other, either := strings.Cut(strings.TrimPrefix(match[1], "env:"), ":-"); variable.MatchString(name) {
		if found, known = b.snapshot.Env[name]; either && found == "" {
			found, known = other, true
		}
	}
	value, fits := rule.read(found)
	if !known || !fits {
		b.unbound = append(b.unbound, rule.Path)
	}
	return value
}

func (r rule) read(text string) (value any, fits bool) {
	number, err := strconv.ParseFloat(text, 64)
	switch r.Type {
	case "integer":
		value, fits = int64(number), math.Abs(number) < 1<<53
	case "number":
		value, fits = number+0, err == nil
	case "boolean":
		value, fits = text == "true", true
	default:
		value, fits = text, true
	}
	if r.Type == "integer" || r.Type == "number" {
		fits = fits && (r.Minimum == nil || number >= *r.Minimum) && (r.Maximum == nil || number <= *r.Maximum)
	}
	permitted := r.Enum == nil
	for _, one := range r.Enum {
		permitted = permitted || one == value || r.Type == "integer" && one == any(number)
	}
	return value, fits && permitted && forms[r.Type].MatchString(text)
}
