using Akka.Configuration;
using FsCheck;
using FsCheck.Fluent;
using Config = Akka.Configuration.Config;

namespace Eos.Tests.Engine.Embedded;

/// <summary>Laws of configurations, over arbitrary trees of keys; rendering and substitution as the embedded engine has them.</summary>
public class HoconProperties
{
    private static readonly string[] Keys = ["a", "b", "long-key", "with.dot", "/user/*", "sp ace", "q\"uote"];
    private static readonly string[] Texts = ["x", "10 s", "", " blank ", "multi\nline", "\\ \"\"\"", "null", "a:b=c,{}[]", "${no}", "// not", "é"];

    /// <summary>A tree: keys with texts, lists of texts, or further trees.</summary>
    private static Gen<string> Tree(int depth) =>
        Gen.ListOf(Field(depth)).Select(fields => "{\n" + string.Join("\n", fields) + "\n}");

    private static Gen<string> Field(int depth) =>
        from key in Gen.Elements(Keys)
        from value in depth == 0 ? Leaf : Gen.OneOf(Leaf, Tree(depth - 1))
        select $"{Quote(key)} = {value}";

    private static Gen<string> Leaf => Gen.OneOf(
        Gen.Elements(Texts).Select(Quote),
        Gen.ListOf(Gen.Elements(Texts)).Select(list => $"[{string.Join(", ", list.Select(Quote))}]"),
        Gen.Constant("null"));

    private static Arbitrary<Config> Configs => Tree(2).Select(text => ConfigurationFactory.ParseString(text)).ToArbitrary();

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\"";

    private static string Render(Config config) => config.Root.ToString();

    /// <summary>The same whatever order the keys were written in.</summary>
    private static string Shape(Akka.Configuration.Hocon.HoconValue value) =>
        value.IsObject() ? $"{{{string.Join(",", value.GetObject().Items.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => Quote(i.Key) + Shape(i.Value)))}}}"
        : value.IsArray() ? $"[{string.Join(",", value.GetArray().Select(Shape))}]"
        : value.GetString() is { } text ? Quote(text) : "null";

    [Fact]
    public void What_is_rendered_parses_to_the_same() => Check.QuickThrowOnFailure(
        Prop.ForAll(Configs, c => Shape(ConfigurationFactory.ParseString(Render(c)).Root) == Shape(c.Root)));

    [Fact]
    public void Fallbacks_may_be_grouped_either_way() => Check.QuickThrowOnFailure(
        Prop.ForAll(Configs, Configs, Configs, (a, b, c) =>
            Shape(a.WithFallback(b).WithFallback(c).Root) == Shape(a.WithFallback(b.WithFallback(c)).Root)));

    [Fact]
    public void A_fallback_is_what_stands_before_in_one_text() => Check.QuickThrowOnFailure(
        Prop.ForAll(Configs, Configs, (above, below) =>
            Shape(ConfigurationFactory.ParseString(Render(below) + "\n" + Render(above)).Root) == Shape(above.WithFallback(below).Root)));

    [Fact]
    public void A_fallback_never_changes_what_is_said_above_it() => Check.QuickThrowOnFailure(
        Prop.ForAll(Configs, Configs, (above, below) =>
        {
            var before = Shape(above.Root);
            _ = above.WithFallback(below).Root;
            return before == Shape(above.Root);
        }));

    [Fact]
    public void A_substitution_is_a_copy_of_what_it_names() => Check.QuickThrowOnFailure(
        Prop.ForAll(Configs, c =>
        {
            var both = ConfigurationFactory.ParseString($"copy = ${{the.original}}\nthe {{ original {{\n{Render(c)}\n}} }}");
            return Shape(both.GetValue("copy")) == Shape(both.GetValue("the.original"));
        }));

    [Fact]
    public void A_substitution_sees_the_fallback_as_if_it_were_in_the_same_text() => Check.QuickThrowOnFailure(
        Prop.ForAll(Configs, c =>
            Shape(ConfigurationFactory.ParseString("copy = ${original}").WithFallback(ConfigurationFactory.ParseString($"original {{\n{Render(c)}\n}}")).GetValue("copy"))
            == Shape(c.Root)));
}
