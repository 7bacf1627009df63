using System.Collections.Immutable;
using System.Reflection;
using Eos.Kernel;
using Eos.Kv;
using Eos.Namespace;
using Eos.Raft;

namespace Eos.Tests.Support;

/// <summary>Random values of our records, filled through their constructors: every field gets something.</summary>
public static class Samples
{
    public static object Of(Type type, Random random)
    {
        if (type == typeof(DirectoryState)) return DirectoryModel.Random(random);
        if (type == typeof(string)) return Word(random);
        if (type == typeof(bool)) return random.Next(2) == 1;
        if (type == typeof(int)) return random.Next(0, 70000);
        if (type == typeof(uint)) return (uint)random.Next();
        if (type == typeof(long)) return random.NextInt64(long.MinValue, long.MaxValue);
        if (type == typeof(ulong)) return (ulong)random.NextInt64() >> random.Next(60);
        if (type == typeof(double)) return random.NextDouble() * 1000;
        if (type == typeof(TimeSpan)) return TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerDay));
        if (type == typeof(Guid)) { var bytes = new byte[16]; random.NextBytes(bytes); return new Guid(bytes); }
        if (type == typeof(ReadOnlyMemory<byte>)) { var bytes = new byte[random.Next(1, 30)]; random.NextBytes(bytes); return new ReadOnlyMemory<byte>(bytes); }
        if (type == typeof(ImmutableSortedSet<MemberId>)) return Many<MemberId>(random).ToImmutableSortedSet();
        if (type.IsEnum) { var values = Enum.GetValues(type); return values.GetValue(random.Next(values.Length))!; }
        if (type == typeof(DirectoryEntry)) return Of(random.Next(2) == 0 ? typeof(FileEntry) : typeof(ChildEntry), random);
        if (type == typeof(DirectoryProtocol.IReply))
            return Of(new[] { typeof(DirectoryProtocol.Done), typeof(DirectoryProtocol.ChildMade), typeof(DirectoryProtocol.FileOpened) }[random.Next(3)], random);
        if (type == typeof(KvProtocol.IEntry)) return Of(random.Next(2) == 0 ? typeof(KvProtocol.UserCommands) : typeof(SystemProtocol.AppendJournal), random);
        if (type == typeof(Reply)) return Replies[random.Next(Replies.Length)](random);
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner, random);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)) return Call(nameof(Many), type, random);
        if (type == typeof(ImmutableSortedDictionary<string, string>)) return ImmutableSortedDictionary<string, string>.Empty.Add(Word(random), Word(random));
        if (type == typeof(ImmutableSortedDictionary<IdProtocol.Counter, ulong>))
            return IdProtocol.IdState.Empty.Next.SetItem(IdProtocol.Counter.File, (ulong)random.Next());

        if (type == typeof(ImmutableSortedDictionary<FileId, DirectoryId>))
            return Many<FileId>(random).Distinct().ToImmutableSortedDictionary(file => file, _ => new DirectoryId((ulong)random.Next()));

        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType, random))]);
    }

    /// <summary>Equal through and through: records, arrays and dictionaries by their contents.</summary>
    public static bool Same(object? a, object? b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a is null || b is null || a.GetType() != b.GetType()) return false;
        if (a is string || a.GetType().IsPrimitive || a.GetType().IsEnum || a is Guid or TimeSpan) return a.Equals(b);
        if (a is ReadOnlyMemory<byte> some && b is ReadOnlyMemory<byte> other) return some.Span.SequenceEqual(other.Span);
        if (a is System.Collections.IEnumerable left && b is System.Collections.IEnumerable right)
            return left.Cast<object>().Zip(right.Cast<object>()).All(p => Same(p.First, p.Second)) && left.Cast<object>().Count() == right.Cast<object>().Count();
        return a.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0 && p.CanWrite)
            .All(p => Same(p.GetValue(a), p.GetValue(b)));
    }

    private static readonly Func<Random, Reply>[] Replies =
    [
        r => Reply.Simple(Word(r)), r => Reply.Err(Word(r)), r => Reply.Integer(r.NextInt64()), r => Reply.Bulk(Word(r)), _ => Reply.Nil,
        r => Reply.Array(Reply.Bulk(Word(r)), Reply.Array(), Reply.Nil),
    ];

    private static string Word(Random random) => random.Next(4) switch
    {
        0 => "ñandú-" + random.Next(1000),
        1 => "\U0001F600" + random.Next(10),
        _ => "w" + random.Next(100000),
    };

    private static object Call(string name, Type array, Random random) =>
        typeof(Samples).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(array.GetGenericArguments()[0]).Invoke(null, [random])!;

    private static ImmutableArray<T> Many<T>(Random random) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (T)Of(typeof(T), random))];
}
