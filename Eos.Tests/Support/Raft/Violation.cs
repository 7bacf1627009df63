namespace Eos.Tests.Support.Raft;

/// <summary>A safety property was broken; the text says which, where and when.</summary>
internal sealed class Violation(string what) : Exception(what);
