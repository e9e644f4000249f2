package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

type vector struct {
	Name, Kind, File, Folder, Digest, Commit, Environment, Bot, Text, Sha256, Error string
	Env, Secrets                                                                    map[string]string
	Settings                                                                        []string
	Ask                                                                             []question
	Params_digest, Sequence                                                         string
	Run                                                                             int64
}

type question struct {
	Coin, Side *string
	Path       []any
	Value      any
}

// answer returns "" where the reader says what the vector expects, else what it says.
func (v vector) answer(folder string) string {
	err := v.run(folder)
	if v.Error == "" && err != nil {
		return err.Error()
	}
	if v.Error != "" && (err == nil || !strings.HasPrefix(err.Error(), v.Error+": ")) {
		return fmt.Sprintf("%v, not %s", err, v.Error)
	}
	for _, setting := range v.Settings {
		if !strings.Contains(err.Error(), setting) {
			return fmt.Sprintf("%v does not name %s", err, setting)
		}
	}
	return ""
}

func (v vector) run(folder string) (err error) {
	switch v.Kind {
	case "digest":
		return same(sum([]byte(v.Text)), v.Sha256)
	case "order_id":
		id, err := ParseOrderID(v.Text)
		if err != nil {
			return err
		}
		return same(fmt.Sprint(id), fmt.Sprint(OrderID{v.Params_digest, v.Run, v.Sequence}))
	}
	var s *Snapshot
	if v.Kind == "channel" {
		commit := ""
		s, commit, err = OpenChannel(filepath.Join(folder, v.Folder), v.Environment, v.Bot)
		if err == nil {
			err = same(commit, v.Commit)
		}
	} else {
		data, failure := os.ReadFile(filepath.Join(folder, v.File))
		if failure != nil {
			return failure
		}
		s, err = Open(data, v.Digest, v.Environment, v.Bot)
	}
	if err == nil {
		s.Env, s.Secrets = v.Env, v.Secrets
		err = s.CheckParams()
	}
	for _, question := range v.Ask {
		if err == nil {
			err = question.put(s)
		}
	}
	return err
}

func (q question) put(s *Snapshot) error {
	value, err := s.Scope(q.Coin, q.Side)
	if err != nil {
		return err
	}
	for _, step := range q.Path {
		if index, ok := step.(float64); ok {
			value = value.([]any)[int(index)]
		} else {
			value = value.(map[string]any)[step.(string)]
		}
	}
	return same(value, q.Value)
}

func same(found, wanted any) error {
	if found != wanted {
		return fmt.Errorf("%T %v, not %T %v", found, found, wanted, wanted)
	}
	return nil
}

func main() {
	data, err := os.ReadFile(os.Args[1])
	var manifest struct{ Vectors []vector }
	if err != nil || json.Unmarshal(data, &manifest) != nil {
		fmt.Fprintln(os.Stderr, "usage: go run . tests/vectors/manifest.json")
		os.Exit(2)
	}
	failed := 0
	for _, vector := range manifest.Vectors {
		if said := vector.answer(filepath.Dir(os.Args[1])); said != "" {
			fmt.Printf("FAILED %s %s %s\n", vector.Kind, vector.Name, said)
			failed++
		} else {
			fmt.Printf("ok %s %s %s\n", vector.Kind, vector.Name, vector.Error)
		}
	}
	if failed > 0 {
		os.Exit(1)
	}
}
