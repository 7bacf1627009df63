using Akka.Actor;

namespace Akka.Serialization;

/// <summary>An exception of a type that is not known on this side: its type's name, message and stack as text.</summary>
internal sealed class RemoteFailureException(string typeName, string message, string? stack) : AkkaException(message)
{
    public string TypeName { get; } = typeName;

    public override string? StackTrace => stack;

    public override string ToString() => $"{TypeName}: {Message} (at the sender)\n{stack}";
}

/// <summary>Exceptions on the wire: type name, message, stack. Only a few harmless types are made again by name; others become <see cref="RemoteFailureException"/>.</summary>
internal static class FailureText
{
    private static readonly Dictionary<string, Func<string, Exception>> Makers = new Func<string, Exception>[]
    {
        m => new Exception(m), m => new InvalidOperationException(m), m => new ArgumentException(m), m => new TimeoutException(m),
        m => new NotSupportedException(m), m => new OperationCanceledException(m), m => new TaskCanceledException(m), m => new IOException(m),
        m => new FormatException(m), m => new KeyNotFoundException(m), m => new UnauthorizedAccessException(m), m => new ApplicationException(m),
        m => new AskTimeoutException(m), m => new IllegalActorStateException(m), m => new ActorKilledException(m), m => new ActorNotFoundException(m),
    }.ToDictionary(make => make("").GetType().FullName!);

    public static void Write(WireWriter writer, Exception? cause)
    {
        writer.Text(cause is RemoteFailureException far ? far.TypeName : cause?.GetType().FullName);
        if (cause is null) return;
        writer.Text(cause.Message);
        writer.Text(cause.StackTrace);
    }

    public static Exception? Read(ref WireReader reader)
    {
        if (reader.TextOrNull() is not { } type) return null;
        var message = reader.Text();
        var stack = reader.TextOrNull();
        if (!Makers.TryGetValue(type, out var make)) return new RemoteFailureException(type, message, stack);
        var made = make(message);
        made.Data["RemoteStackTrace"] = stack;
        return made;
    }
}
